import type { WebhookDoc } from '../../models/webhook.ts';
import type { ServiceContext } from '../context.ts';
import { toHoldEdits } from '../deliveries/hold.ts';
import { lineReasons } from './find-waiting.ts';

/**
 * Lets what waits in a webhook's line, or for a turn at its endpoint, wait for that reason from now on: its horizon stands
 * still, or goes on, accordingly. One update, however many wait; none where all wait for it already.
 */
export async function restLine(
  { models, clock }: Pick<ServiceContext, 'models' | 'clock'>,
  webhook: WebhookDoc,
  reason: 'disabled' | 'paused' | 'circuit-open',
): Promise<void> {
  const reasons = lineReasons(webhook);
  const now = clock();
  await models.deliveries.updateMany(
    {
      webhookId: webhook._id,
      state: 'waiting',
      $or: [
        { waitReason: { $in: reasons.filter((one) => one !== reason) } },
        // No edits are waited for any more.
        { waitReason: 'coalescing', nextAttemptAt: { $lte: now }, 'merged.undone': false },
      ],
    },
    toHoldEdits(reason, now),
    { updatePipeline: true },
  );
}
