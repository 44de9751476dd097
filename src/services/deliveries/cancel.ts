import type { CancelReason, Delivery } from '../../contracts/delivery.ts';
import { ConflictError } from '../../errors.ts';
import type { DeliveryDoc } from '../../models/delivery.ts';
import { DELIVERY_SUMMARY, toDelivery } from '../../models/delivery.ts';
import type { LookedAfter, RequestContext } from '../context.ts';
import { findDelivery } from './find.ts';

/** The edits that cancel an open delivery. Should the call in flight, if there is one, still succeed, that wins. */
export function toCancelEdits(cancelReason: CancelReason, now: Date): Partial<DeliveryDoc> {
  return {
    state: 'cancelled',
    open: false,
    cancelReason,
    waitReason: null,
    waitingSince: null,
    nextAttemptAt: null,
    claim: null,
    settledAt: now,
  };
}

/** Cancels every open delivery of a webhook that was deleted, and wakes their workflows, so that they end. Idempotent. */
export async function cancelDeliveries(
  { models, clock, waker }: Pick<RequestContext, 'models' | 'clock' | 'waker'>,
  webhookId: string,
): Promise<void> {
  const { modifiedCount } = await models.deliveries.updateMany(
    { webhookId, open: true },
    { $set: toCancelEdits('webhook-deleted', clock()) },
  );
  if (modifiedCount > 0) waker.wake(webhookId);
}

/**
 * Cancels an open delivery, also one being attempted right now: should that attempt succeed, it counts as delivered after
 * all. Idempotent: one that is cancelled already is answered as it is. ConflictError for any other that is settled.
 */
export async function cancelDelivery(
  context: RequestContext,
  { deliveryId }: { deliveryId: string },
): Promise<Delivery> {
  const { models, clock, workflowLink } = context;
  await findDelivery(context, deliveryId);
  await models.deliveries.updateOne(
    { _id: deliveryId, open: true },
    { $set: toCancelEdits('by-request', clock()) },
  );
  const delivery = await findDelivery(context, deliveryId);
  if (delivery.state !== 'cancelled') {
    throw new ConflictError(`The delivery is ${delivery.state} already: there is nothing to cancel.`);
  }
  // By a repeat too: whoever cancelled may have died before telling anybody.
  await tellCancelled(context, [delivery]);
  return toDelivery(delivery, clock(), workflowLink);
}

/** Tells the workflows of deliveries that were cancelled, and of those of their records that waited for them. */
export async function tellCancelled(
  context: Pick<RequestContext, 'models' | 'waker'>,
  cancelled: readonly (LookedAfter & Ordered)[],
): Promise<void> {
  const records = new Map(cancelled.map((one) => [`${one.webhookId} ${one.recordId}`, one]));
  const released = await Promise.all([...records.values()].map(async (one) => findReleased(context, one)));
  await context.waker.lookAfter([
    ...cancelled.map(({ _id, changeId, workflowId }) => ({ _id, changeId, workflowId, open: false })),
    ...released.flat(),
  ]);
}

type Ordered = Pick<DeliveryDoc, 'webhookId' | 'recordId' | 'ordered'>;

/** The next version of the record, where its webhook keeps order and it waited for the one that was cancelled. */
async function findReleased(
  { models }: Pick<RequestContext, 'models'>,
  { webhookId, recordId, ordered }: Ordered,
): Promise<LookedAfter[]> {
  if (!ordered) return [];
  const lowest = await models.deliveries
    .findOne({ webhookId, recordId, ordered: true, open: true }, DELIVERY_SUMMARY)
    .sort({ recordVersion: 1 })
    .lean();
  return lowest?.waitReason === 'earlier-change' ? [lowest] : [];
}
