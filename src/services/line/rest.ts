import type { WebhookDoc } from '../../models/webhook.ts';
import type { ServiceContext } from '../context.ts';
import { toHoldEdits } from '../deliveries/hold.ts';
import { lineReasons } from './find-waiting.ts';

/**
 * Lets a webhook's line rest: whatever waits in it waits for that reason from now on, and its horizon stands still. That
 * takes two updates, however many wait.
 */
export async function restLine(
  { models, clock }: Pick<ServiceContext, 'models' | 'clock'>,
  webhook: WebhookDoc,
  reason: 'disabled' | 'paused',
): Promise<void> {
  const others = lineReasons(webhook).filter((other) => other !== reason);
  await models.deliveries.updateMany(
    { webhookId: webhook._id, state: 'waiting', waitReason: { $in: others } },
    toHoldEdits(reason, clock()),
    { updatePipeline: true },
  );
  await models.webhooks.updateOne(
    { _id: webhook._id, resuming: { $ne: null }, $or: [{ enabled: false }, { paused: { $ne: null } }] },
    { $set: { resuming: null } },
  );
}
