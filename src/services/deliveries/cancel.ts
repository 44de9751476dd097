import type { RequestContext } from '../context.ts';

/** Cancels every open delivery of a webhook and wakes their workflows, so that they end. Idempotent. */
export async function cancelDeliveries(
  { models, clock, waker }: Pick<RequestContext, 'models' | 'clock' | 'waker'>,
  webhookId: string,
): Promise<void> {
  const { modifiedCount } = await models.deliveries.updateMany(
    { webhookId, open: true },
    {
      $set: {
        state: 'cancelled',
        open: false,
        waitReason: null,
        nextAttemptAt: null,
        claim: null,
        waitingSince: null,
        settledAt: clock(),
      },
    },
  );
  if (modifiedCount > 0) waker.wake(webhookId);
}
