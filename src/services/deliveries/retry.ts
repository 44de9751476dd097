import type { Delivery } from '../../contracts/delivery.ts';
import { ConflictError } from '../../errors.ts';
import type { DeliverySummary } from '../../models/delivery.ts';
import { toDelivery } from '../../models/delivery.ts';
import type { RequestContext } from '../context.ts';
import { findDelivery } from './find.ts';

/** Tries, when attempts and holds keep coming between the look and the update. */
const MAX_TRIES = 5;

/**
 * Has an open delivery attempted now rather than later. One in its webhook's line (`rate-limited`, `resuming`,
 * `endpoint-busy`) goes as soon as there is room, as it would have; one behind an open circuit has the endpoint probed at
 * once, by the oldest in line. ConflictError, saying what to do, for one that is held by somebody's will or by an earlier
 * change, is being attempted, or is settled. Idempotent.
 */
export async function retryDelivery(
  context: RequestContext,
  { deliveryId }: { deliveryId: string },
): Promise<Delivery> {
  for (let tries = 1; tries <= MAX_TRIES; tries += 1) {
    const delivery = await findDelivery(context, deliveryId);
    await refuse(context, delivery);
    if (await hasten(context, delivery)) {
      return toDelivery(await findDelivery(context, deliveryId), context.clock(), context.workflowLink);
    }
  }
  throw new ConflictError('The delivery keeps changing. Read it, and try again.');
}

/** Throws for what cannot be attempted sooner. */
async function refuse(context: RequestContext, delivery: DeliverySummary): Promise<void> {
  const { state, open, claim, waitReason, expungedAt } = delivery;
  if (expungedAt) throw new ConflictError('The delivery was expunged: there is nothing left to send.');
  if (!open) throw new ConflictError(`The delivery is ${state}. Redeliver it to send it again.`);
  if (claim && claim.until > context.clock()) {
    throw new ConflictError('An attempt is being made right now. Wait for what comes of it.');
  }
  if (state === 'waiting') await refuseHeld(context, delivery);
  if (waitReason === 'earlier-change') throw new ConflictError(await nameEarlier(context, delivery));
}

/** By the webhook as it is now: what it was when the delivery was put on hold may be over. */
async function refuseHeld({ models }: RequestContext, { webhookId }: DeliverySummary): Promise<void> {
  const webhook = await models.webhooks.findOne({ _id: webhookId }, { enabled: 1, paused: 1 }).lean();
  if (webhook?.enabled === false) {
    throw new ConflictError('The webhook is disabled. Enable it to let its deliveries go.');
  }
  if (webhook?.paused) {
    throw new ConflictError('The webhook is paused. Resume it to let its deliveries go.');
  }
}

async function nameEarlier(
  { models }: RequestContext,
  { webhookId, recordId, recordVersion }: DeliverySummary,
): Promise<string> {
  const earlier = await models.deliveries
    .findOne({ webhookId, recordId, recordVersion: { $lt: recordVersion }, ordered: true, open: true })
    .select({ recordVersion: 1 })
    .sort({ recordVersion: 1 })
    .lean();
  const rule = 'The webhook keeps the order of changes, and an earlier one of this record comes first';
  if (!earlier) return `${rule}. It is about to be planned.`;
  return `${rule}: version ${earlier.recordVersion} in ${earlier._id}. Retry or cancel that one.`;
}

/** False when the delivery is no longer what it was: to be looked at again. */
async function hasten(context: RequestContext, delivery: DeliverySummary): Promise<boolean> {
  if (delivery.state !== 'waiting') return makeDue(context, delivery);
  const { models, clock, waker } = context;
  const { _id, webhookId, waitReason } = delivery;
  if (waitReason === 'coalescing') {
    const due = { nextAttemptAt: clock() };
    const still = { _id, state: 'waiting' as const, waitReason };
    const { matchedCount } = await models.deliveries.updateOne(still, { $set: due });
    if (matchedCount === 0) return false;
  }
  if (waitReason === 'circuit-open') {
    const probe = { 'health.probeAt': clock() };
    await models.webhooks.updateOne({ _id: webhookId, 'health.circuit': 'open' }, { $set: probe });
  }
  waker.wake(webhookId);
  return true;
}

async function makeDue(
  { models, clock, waker }: RequestContext,
  delivery: DeliverySummary,
): Promise<boolean> {
  const now = clock();
  const { matchedCount } = await models.deliveries.updateOne(
    {
      _id: delivery._id,
      open: true,
      state: { $ne: 'waiting' },
      $or: [{ claim: null }, { 'claim.until': { $lte: now } }],
    },
    { $set: { nextAttemptAt: now, verifyAt: now } },
  );
  if (matchedCount > 0) await waker.lookAfter([delivery]);
  return matchedCount > 0;
}
