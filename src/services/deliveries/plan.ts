import { randomUUID } from 'node:crypto';
import type { ClientSession } from 'mongoose';
import type { WaitReason } from '../../contracts/delivery.ts';
import { admit } from '../../domain/admission.ts';
import { hasLimits } from '../../domain/has-limits.ts';
import { asksFor, wasListening } from '../../domain/match-webhook.ts';
import type { ChangeDoc } from '../../models/change.ts';
import type { Claim, DeliveryDoc } from '../../models/delivery.ts';
import { DELIVERY_SUMMARY, ofChanges } from '../../models/delivery.ts';
import { toFiringRule } from '../../models/firing-rule.ts';
import type { WebhookDoc } from '../../models/webhook.ts';
import type { ServiceContext } from '../context.ts';
import { isDuplicateKey, runTransaction } from '../transaction.ts';
import type { StartedAttempt } from './begin-attempt.ts';
import type { CoalescedPlans, Coalescing } from './coalesce.ts';
import { beginCoalescing, coalesce } from './coalesce.ts';
import { leaseEnd } from './lease.ts';
import { PlannedMeanwhile } from './planned-meanwhile.ts';
import { toDeliveryDoc } from './to-delivery-doc.ts';
import { isUnsendable, toUnsendableEdits } from './unsendable.ts';

export type PlanContext = Pick<ServiceContext, 'models' | 'clock' | 'newId' | 'recordWorkflowsLink'>;
export type DeliverySummary = Omit<DeliveryDoc, 'body' | 'attempts'>;

export interface PlanOptions {
  /** The workflow that plans, and looks after the deliveries. */
  workflowId: string;
  /** Changes this process still holds in memory: they need not be read. */
  inHand: (changeId: string) => ChangeDoc | undefined;
  /** Whether the caller makes the first attempt to this webhook right away; the delivery is then stored as claimed. */
  takes: (webhookId: string) => boolean;
  /** Otherwise: takes a turn at the endpoint for a durable attempt; false when the delivery has to wait for one. */
  takeTurn: (webhookId: string, deliveryId: string) => boolean;
}

/** What planning a change came to. `started` are the first attempts the caller now holds the claims of. */
export interface PlannedChange {
  change: ChangeDoc;
  deliveries: DeliverySummary[];
  started: StartedAttempt[];
  /** Deliveries that were stored as waiting; whether they still have to is for the caller to ask again. */
  held: DeliverySummary[];
  /** Deliveries of other changes that the change goes out in, since their webhooks merge edits. */
  merged: { webhookName: string; deliveryId: string }[];
  /** Of all these, those that failed since their webhook's template did: what follows from that is for the caller to do. */
  unsendable: DeliverySummary[];
  /**
   * Ordered webhooks that are not owed the change, or, of one planned before, not any more: what waits behind it for one
   * of them may go. Whoever settled it may have stopped before saying so.
   */
  passedOver: string[];
}

/** Tries, when other workflows plan some of the same changes meanwhile. */
const MAX_TRIES = 5;

/**
 * Decides, once for each change, which webhooks it is owed to, and stores one delivery for each with its exact bytes: one
 * transaction for all. Idempotent by the changes' state: one planned before answers its stored plan, with nothing
 * started. Changes that do not exist are left out.
 */
export async function planChanges(
  context: PlanContext,
  changeIds: readonly string[],
  options: PlanOptions,
): Promise<PlannedChange[]> {
  const inHand = changeIds.map((id) => options.inHand(id));
  let docs = inHand.every((doc) => doc !== undefined) ? inHand : await readChanges(context, changeIds);
  for (let tries = 1; tries <= MAX_TRIES; tries += 1) {
    const planned = docs.filter(({ state }) => state === 'planned');
    const unplanned = docs.filter(({ state }) => state !== 'planned');
    const stored = await storePlans(context, unplanned, options);
    if (stored) return [...stored, ...(await readPlans(context, planned))];
    docs = await readChanges(context, changeIds);
  }
  throw new Error('other workflows kept planning the same changes');
}

async function readChanges({ models }: PlanContext, changeIds: readonly string[]): Promise<ChangeDoc[]> {
  return models.changes.find({ _id: { $in: [...changeIds] } }).lean();
}

async function readPlans({ models }: PlanContext, changes: ChangeDoc[]): Promise<PlannedChange[]> {
  if (changes.length === 0) return [];
  const changeIds = changes.map(({ _id }) => _id);
  const docs = await models.deliveries.find(ofChanges(changeIds), DELIVERY_SUMMARY).sort({ _id: 1 }).lean();
  return changes.map((change) => {
    const deliveries = docs.filter(({ changeId }) => changeId === change._id);
    const merged = docs.flatMap(({ _id, webhookName, mergedChangeIds }) =>
      mergedChangeIds.includes(change._id) ? [{ webhookName, deliveryId: _id }] : [],
    );
    const settled = deliveries.filter(({ ordered, open }) => ordered && !open);
    const passedOver = settled.map(({ webhookId }) => webhookId);
    const unsendable = docs.filter(
      (doc) => isUnsendable(doc) && (doc.changeId === change._id || doc.mergedChangeIds.includes(change._id)),
    );
    return { change, deliveries, started: [], held: [], merged, unsendable, passedOver };
  });
}

/** Null when somebody else planned one of the changes, or one of its record, meanwhile; nothing is stored then. */
async function storePlans(
  context: PlanContext,
  changes: ChangeDoc[],
  options: PlanOptions,
): Promise<PlannedChange[] | null> {
  if (changes.length === 0) return [];
  try {
    return await runTransaction(context.models, async (session) => {
      await markPlanned(context, { changes, session, workflowId: options.workflowId });
      const webhooks = await readWebhooks(context, { changes, session });
      const plans = changes.map((change) => toPlan(context, { change, webhooks, options }));
      const coalescing = plans.flatMap((plan) => plan.coalescing);
      const coalesced = await coalesce(context, { coalescing, session });
      const planned = plans.map((plan) => toPlanned(plan, coalesced, context.clock()));
      const docs = planned.flatMap(({ deliveries }) => deliveries);
      if (docs.length > 0) await context.models.deliveries.insertMany(docs, { session, lean: true });
      return planned;
    });
  } catch (error) {
    // A duplicate: somebody else planned the change, or began a delivery that waits for edits of the record.
    if (error instanceof PlannedMeanwhile || isDuplicateKey(error)) return null;
    throw error;
  }
}

async function markPlanned(
  { models }: PlanContext,
  { changes, session, workflowId }: { changes: ChangeDoc[]; session: ClientSession; workflowId: string },
): Promise<void> {
  const { matchedCount } = await models.changes.updateMany(
    { _id: { $in: changes.map(({ _id }) => _id) }, state: { $ne: 'planned' } },
    { $set: { state: 'planned', claimedUntil: null, workflowId } },
    { session },
  );
  if (matchedCount !== changes.length) throw new PlannedMeanwhile('planned meanwhile');
}

async function readWebhooks(
  { models }: PlanContext,
  { changes, session }: { changes: ChangeDoc[]; session: ClientSession },
): Promise<WebhookDoc[]> {
  const tableIds = [...new Set(changes.map(({ tableId }) => tableId))];
  return models.webhooks
    .find({ tableId: { $in: tableIds } }, null, { session })
    .sort({ _id: 1 })
    .lean();
}

interface ToPlanInput {
  change: ChangeDoc;
  webhooks: readonly WebhookDoc[];
  options: PlanOptions;
}

interface Plan {
  change: ChangeDoc;
  docs: DeliveryDoc[];
  started: StartedAttempt[];
  coalescing: Coalescing[];
  passedOver: string[];
}

function toPlan(context: PlanContext, { change, webhooks, options }: ToPlanInput): Plan {
  const ofTable = webhooks.filter(({ tableId }) => tableId === change.tableId);
  const matched = ofTable.filter(
    (webhook) =>
      wasListening(webhook.enabledSpans, change.webhookRevision) && asksFor(toFiringRule(webhook), change),
  );
  const passedOver = ofTable.filter(
    (webhook) => webhook.delivery.order === 'record' && !matched.includes(webhook),
  );
  const plan: Plan = {
    change,
    docs: [],
    started: [],
    coalescing: [],
    passedOver: passedOver.map(({ _id }) => _id),
  };
  for (const webhook of matched) {
    const doc = toDeliveryDoc(context, { change, webhook, workflowId: options.workflowId });
    plan.docs.push(doc);
    // Edits to come may make something of it that its webhook's template does not fail on.
    if (isUnsendable(doc) && !webhook.delivery.coalesce) continue;
    const claim = admitFirst(doc, webhook, options);
    if (claim) plan.started.push({ delivery: doc, webhook, claim });
    if (doc.waitReason !== 'coalescing') continue;
    beginCoalescing(doc, change, webhook);
    plan.coalescing.push({ doc, change, webhook });
  }
  return plan;
}

function toPlanned(
  { change, docs, started, passedOver }: Plan,
  { mergedInto, unsendable }: CoalescedPlans,
  now: Date,
): PlannedChange {
  const deliveries = docs.filter(({ _id }) => !mergedInto.has(_id));
  const own = deliveries.filter((doc) => isUnsendable(doc));
  for (const doc of own) Object.assign(doc, toUnsendableEdits(now));
  const held = deliveries.filter(({ state }) => state === 'waiting');
  const merged = docs.flatMap(({ _id, webhookName }) => {
    const deliveryId = mergedInto.get(_id);
    return deliveryId === undefined ? [] : [{ webhookName, deliveryId }];
  });
  return {
    change,
    deliveries,
    started,
    held,
    merged,
    unsendable: [...own, ...unsendable.filter(({ mergedChangeIds }) => mergedChangeIds.includes(change._id))],
    passedOver,
  };
}

/**
 * Claims the delivery where its first attempt follows at once, and holds it where its webhook does, or its endpoint has no
 * turn for it. Order and limits are asked for after the commit: only then is it known what else was planned.
 */
function admitFirst(doc: DeliveryDoc, webhook: WebhookDoc, { takes, takeTurn }: PlanOptions): Claim | null {
  const reason = holdReason(doc, webhook);
  if (reason !== null) return hold(doc, reason);
  if (takes(webhook._id)) {
    doc.state = 'delivering';
    doc.claim = { token: randomUUID(), number: 1, startedAt: doc.createdAt, until: leaseEnd(doc.createdAt) };
  } else if (!takeTurn(webhook._id, doc._id)) {
    return hold(doc, 'endpoint-busy');
  }
  return doc.claim;
}

function holdReason(delivery: DeliveryDoc, webhook: WebhookDoc): WaitReason | null {
  // Whatever else holds its webhook: more edits may come.
  if (webhook.delivery.coalesce) return 'coalescing';
  const hasEarlier = webhook.delivery.order === 'record';
  const admission = admit({ webhook, delivery, hasEarlier, calledBy: 'workflow' });
  if (admission.kind === 'hold') return admission.reason;
  return hasLimits(webhook.delivery) ? 'rate-limited' : null;
}

function hold(doc: DeliveryDoc, reason: WaitReason): null {
  doc.state = 'waiting';
  doc.waitReason = reason;
  doc.waitingSince = reason === 'circuit-open' ? null : doc.createdAt;
  // What waits in line is looked after as a whole.
  if (reason !== 'earlier-change') doc.verifyAt = null;
  return null;
}
