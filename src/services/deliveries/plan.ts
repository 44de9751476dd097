import type { ClientSession } from 'mongoose';
import type { PlannedDelivery, PlanResult } from '../../contracts/workflow.ts';
import { matchWebhook } from '../../domain/match-webhook.ts';
import { renderBody } from '../../domain/render-body.ts';
import { NotFoundError } from '../../errors.ts';
import type { ChangeDoc } from '../../models/change.ts';
import { toRenderable } from '../../models/change.ts';
import type { DeliveryDoc } from '../../models/delivery.ts';
import { DELIVERY_SUMMARY } from '../../models/delivery.ts';
import type { WebhookDoc } from '../../models/webhook.ts';
import { workflowIdOf } from '../changes/workflow-id.ts';
import type { ServiceContext } from '../context.ts';
import { runTransaction } from '../transaction.ts';
import { VERIFY_AFTER_MS } from './reconcile.ts';

type PlanContext = Pick<ServiceContext, 'models' | 'clock' | 'newId'>;
type MatchedWebhook = Pick<WebhookDoc, '_id' | 'name' | 'host' | 'method' | 'events' | 'enabledSpans'>;

/**
 * Decides, once, which webhooks a change is owed to, and stores one delivery for each with its exact bytes. Idempotent
 * by the change's state: a repeat answers the stored plan. Throws NotFoundError for a change that does not exist.
 */
export async function planChange(context: PlanContext, changeId: string): Promise<PlanResult> {
  const { models } = context;
  return runTransaction(models, async (session) => {
    const change = await models.changes.findOne({ _id: changeId }, null, { session }).lean();
    if (!change) throw new NotFoundError('change', changeId);
    const deliveries =
      change.state === 'planned'
        ? await readPlan(context, session, changeId)
        : await storePlan(context, session, change);
    const { tableName, recordId, recordVersion, type } = change;
    return { tableName, recordId, recordVersion, eventType: type, deliveries };
  });
}

async function readPlan(
  { models }: PlanContext,
  session: ClientSession,
  changeId: string,
): Promise<PlannedDelivery[]> {
  const docs = await models.deliveries
    .find({ changeId }, DELIVERY_SUMMARY, { session })
    .sort({ _id: 1 })
    .lean();
  return docs.map((doc) => toPlanned(doc));
}

async function storePlan(
  context: PlanContext,
  session: ClientSession,
  change: ChangeDoc,
): Promise<PlannedDelivery[]> {
  const { models } = context;
  const fields = { name: 1, host: 1, method: 1, events: 1, enabledSpans: 1 };
  const webhooks: MatchedWebhook[] = await models.webhooks
    .find({ tableId: change.tableId }, fields, { session })
    .sort({ _id: 1 })
    .lean();
  const docs = webhooks
    .filter((webhook) => matchWebhook(webhook, change))
    .map((webhook) => toDeliveryDoc(context, change, webhook));
  if (docs.length > 0) await models.deliveries.insertMany(docs, { session, lean: true });
  await models.changes.updateOne(
    { _id: change._id },
    { $set: { state: 'planned', claimedUntil: null } },
    { session },
  );
  return docs.map((doc) => toPlanned(doc));
}

function toDeliveryDoc(
  { newId, clock }: PlanContext,
  change: ChangeDoc,
  webhook: MatchedWebhook,
): DeliveryDoc {
  const now = clock();
  return {
    _id: newId('dlv'),
    webhookId: webhook._id,
    webhookName: webhook.name,
    host: webhook.host,
    method: webhook.method,
    changeId: change._id,
    changeAt: change.createdAt,
    tableId: change.tableId,
    recordId: change.recordId,
    recordVersion: change.recordVersion,
    eventType: change.type,
    hops: change.source.hops + 1,
    workflowId: workflowIdOf(change),
    body: renderBody(toRenderable(change), { id: webhook._id, name: webhook.name }),
    state: 'pending',
    open: true,
    waitReason: null,
    failureReason: null,
    attemptCount: 0,
    nextAttemptAt: null,
    claim: null,
    waitingSince: null,
    heldMs: 0,
    lastStatus: null,
    lastErrorCode: null,
    attempts: [],
    createdAt: now,
    settledAt: null,
    verifyAt: new Date(now.getTime() + VERIFY_AFTER_MS),
  };
}

function toPlanned(doc: Omit<DeliveryDoc, 'body' | 'attempts'>): PlannedDelivery {
  return {
    deliveryId: doc._id,
    webhookId: doc.webhookId,
    webhookName: doc.webhookName,
    method: doc.method,
    host: doc.host,
    state: doc.state,
  };
}
