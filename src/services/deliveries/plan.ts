import { randomUUID } from 'node:crypto';
import type { ClientSession } from 'mongoose';
import type { WaitReason } from '../../contracts/delivery.ts';
import { admit } from '../../domain/admission.ts';
import { hasLimits } from '../../domain/has-limits.ts';
import type { ChangeDoc } from '../../models/change.ts';
import type { Claim, DeliveryDoc, DeliverySummary, WaitingDelivery } from '../../models/delivery.ts';
import { DELIVERY_SUMMARY, ofChanges } from '../../models/delivery.ts';
import type { WebhookDoc } from '../../models/webhook.ts';
import type { ServiceContext } from '../context.ts';
import { isDuplicateKey, runTransaction } from '../transaction.ts';
import type { StartedAttempt } from './begin-attempt.ts';
import type { CoalescedPlans, Coalescing } from './coalesce.ts';
import { beginCoalescing, coalesce } from './coalesce.ts';
import { leaseEnd } from './lease.ts';
import type { OwedChange } from './plan-step.ts';
import { takeStep } from './plan-step.ts';
import { PlannedMeanwhile } from './planned-meanwhile.ts';
import { toDeliveryDoc } from './to-delivery-doc.ts';
import { isUnsendable, toUnsendableEdits } from './unsendable.ts';

export type PlanContext = Pick<ServiceContext, 'models' | 'clock' | 'newId' | 'recordWorkflowsLink'>;

export interface PlanOptions {
  /** The workflow that plans, and looks after the deliveries. */
  workflowId: string;
  /** Aborted when nobody waits for the plan any more: it ends between two transactions, and what was stored counts. */
  signal?: AbortSignal;
  /** Whether the caller makes the first attempt to this webhook right away; the delivery is then stored as claimed. */
  takes: (webhookId: string, bodyBytes: number) => boolean;
  /** Otherwise: takes a turn at the endpoint for a durable attempt; false when the delivery has to wait for one. */
  takeTurn: (webhookId: string, deliveryId: string) => boolean;
}

/** A delivery that was planned as waiting. */
export type HeldDelivery = DeliverySummary & WaitingDelivery;

/** What planning a change came to. `started` are the first attempts the caller now holds the claims of. */
export interface PlannedChange {
  change: ChangeDoc;
  deliveries: DeliverySummary[];
  started: StartedAttempt[];
  /** Deliveries that were stored as waiting; whether they still have to is for the caller to ask again. */
  held: HeldDelivery[];
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

/** The changes that are to be planned; those that a process holds in memory need not be read. Those that do not exist are left out. */
export async function readToPlan(
  context: Pick<PlanContext, 'models'>,
  changeIds: readonly string[],
  inHand: (changeId: string) => ChangeDoc | undefined,
): Promise<ChangeDoc[]> {
  const held = changeIds.map((id) => inHand(id));
  return held.every((doc) => doc !== undefined) ? held : readChanges(context, changeIds);
}

/**
 * Decides, once for each change, which webhooks it is owed to, and stores one delivery for each with its exact bytes: one
 * transaction for all, or several where they are large. Idempotent by the changes' state: one planned before answers its
 * stored plan, with nothing started.
 */
export async function planChanges(
  context: PlanContext,
  changes: readonly ChangeDoc[],
  options: PlanOptions,
): Promise<PlannedChange[]> {
  const whole: PlannedChange[] = [];
  const parts: PlannedChange[] = [];
  let left = changes;
  for (let lost = 0; lost < MAX_TRIES;) {
    options.signal?.throwIfAborted();
    const unplanned = left.filter(({ state }) => state !== 'planned');
    if (unplanned.length === 0) {
      const stored = await readPlans(context, left);
      return [...whole, ...stored.map((plan) => withParts(plan, parts))];
    }
    const step = await storeStep(context, unplanned, options);
    if (step === null) {
      lost += 1;
      left = await readChanges(context, toIds(left));
      continue;
    }
    (step.isPart ? parts : whole).push(...step.planned);
    const done = new Map(step.planned.map(({ change }) => [change._id, change]));
    left = step.isPart
      ? left.map((change) => done.get(change._id) ?? change)
      : left.filter(({ _id }) => !done.has(_id));
  }
  throw new Error('other workflows kept planning the same changes');
}

async function readChanges(
  { models }: Pick<PlanContext, 'models'>,
  changeIds: readonly string[],
): Promise<ChangeDoc[]> {
  return models.changes.find({ _id: { $in: [...changeIds] } }).lean();
}

function toIds(changes: readonly ChangeDoc[]): string[] {
  return changes.map(({ _id }) => _id);
}

/** The stored plan of a change, with what storing it in parts came to besides. */
function withParts(plan: PlannedChange, parts: readonly PlannedChange[]): PlannedChange {
  const own = parts.filter(({ change }) => change._id === plan.change._id);
  if (own.length === 0) return plan;
  const passedOver = [...plan.passedOver, ...own.flatMap((part) => part.passedOver)];
  return { ...plan, held: own.flatMap(({ held }) => held), passedOver: [...new Set(passedOver)] };
}

async function readPlans({ models }: PlanContext, changes: readonly ChangeDoc[]): Promise<PlannedChange[]> {
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

/** What one transaction planned. Of a part, the change is as it was left: with more webhooks to come, or planned. */
interface PlanStep {
  planned: PlannedChange[];
  isPart: boolean;
}

/**
 * Plans as many of the changes as go into one transaction, or a part of the first. Null when somebody else planned one of
 * them, or one of its record, meanwhile; nothing is stored then.
 */
async function storeStep(
  context: PlanContext,
  changes: ChangeDoc[],
  options: PlanOptions,
): Promise<PlanStep | null> {
  try {
    return await runTransaction(context.models, async (session) => {
      const webhooks = await readWebhooks(context, { changes, session });
      const { owed, isPart, upTo } = takeStep(changes, webhooks);
      const marks = toMarks(upTo, options.workflowId);
      await markPlanned(context, { changes: owed.map(({ change }) => change), marks, session });
      const plans = owed.map((one) => toPlan(context, one, isPart ? { ...options, takes: never } : options));
      const coalescing = plans.flatMap((plan) => plan.coalescing);
      const coalesced = await coalesce(context, { coalescing, session });
      const planned = plans.map((plan) => toPlanned(plan, coalesced, context.clock()));
      const docs = planned.flatMap(({ deliveries }) => deliveries);
      if (docs.length > 0) await context.models.deliveries.insertMany(docs, { session, lean: true });
      return { isPart, planned: isPart ? planned.map((plan) => toPart(plan, marks)) : planned };
    });
  } catch (error) {
    // A duplicate: somebody else planned the change, or began a delivery that waits for edits of the record.
    if (error instanceof PlannedMeanwhile || isDuplicateKey(error)) return null;
    throw error;
  }
}

/** First attempts would keep all bodies in memory: those of a large change are read again, one by one. */
function never(): boolean {
  return false;
}

type PlanMarks = Partial<Pick<ChangeDoc, 'state' | 'claimedUntil' | 'workflowId' | 'plannedUpTo'>>;

function toMarks(upTo: string | null, workflowId: string): PlanMarks {
  return upTo === null ? { state: 'planned', claimedUntil: null, workflowId } : { plannedUpTo: upTo };
}

/** What is left of a part in memory: not the bytes it stored. */
function toPart(plan: PlannedChange, marks: PlanMarks): PlannedChange {
  return { ...plan, change: { ...plan.change, ...marks }, deliveries: [] };
}

async function markPlanned(
  { models }: PlanContext,
  { changes, marks, session }: { changes: ChangeDoc[]; marks: PlanMarks; session: ClientSession },
): Promise<void> {
  const plannedUpTo = changes[0]?.plannedUpTo ?? null;
  const { matchedCount } = await models.changes.updateMany(
    { _id: { $in: toIds(changes) }, state: { $ne: 'planned' }, plannedUpTo },
    { $set: marks },
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

interface Plan {
  change: ChangeDoc;
  docs: DeliveryDoc[];
  started: StartedAttempt[];
  coalescing: Coalescing[];
  passedOver: string[];
}

function toPlan(
  context: PlanContext,
  { change, webhooks, passedOver }: OwedChange,
  options: PlanOptions,
): Plan {
  const plan: Plan = { change, docs: [], started: [], coalescing: [], passedOver };
  for (const webhook of webhooks) {
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
  const held = deliveries.filter(({ state }) => state === 'waiting').map((doc) => toWaiting(doc));
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

function toWaiting({ body, attempts: _attempts, ...delivery }: DeliveryDoc): HeldDelivery {
  return { ...delivery, bodyBytes: Buffer.byteLength(body) };
}

/**
 * Claims the delivery where its first attempt follows at once, and holds it where its webhook does, or its endpoint has no
 * turn for it. Order and limits are asked for after the commit: only then is it known what else was planned.
 */
function admitFirst(doc: DeliveryDoc, webhook: WebhookDoc, { takes, takeTurn }: PlanOptions): Claim | null {
  const reason = holdReason(doc, webhook);
  if (reason !== null) return hold(doc, reason);
  if (takes(webhook._id, Buffer.byteLength(doc.body))) {
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
