import type { CancelReason } from '../../contracts/delivery.ts';
import type { DeliveryDoc } from '../../models/delivery.ts';
import type { RequestContext } from '../context.ts';

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
