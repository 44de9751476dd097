import type { PauseWebhookInput, Webhook } from '../../contracts/webhook.ts';
import { webhookPaused } from '../events/events.ts';
import { pushUntold } from '../events/untold.ts';
import type { RequestContext } from '../context.ts';
import { findWebhook } from './find.ts';
import { showWebhook } from './get.ts';

/**
 * Pauses a webhook: its deliveries wait, new ones too, until it is resumed. None is lost or given up, and attempts in
 * flight end as they would. Idempotent: the pause there is gets the new reason, and is a person's from now on.
 */
export async function pauseWebhook(
  context: RequestContext,
  { webhookId, reason }: PauseWebhookInput & { webhookId: string },
): Promise<Webhook> {
  const { models, clock, waker, events } = context;
  const before = await findWebhook(context, webhookId);
  const now = clock();
  const paused = { at: before.paused?.at ?? now, reason: reason ?? null, auto: false };
  const event = before.paused ? null : webhookPaused(before, paused.reason, now);
  await models.webhooks.updateOne(
    { _id: webhookId },
    { $set: { paused, resuming: null, updatedAt: now }, ...pushUntold(event) },
  );
  if (await models.deliveries.exists({ webhookId, state: 'waiting' })) waker.wake(webhookId);
  if (event) await events.tell([event]);
  return showWebhook(context, await findWebhook(context, webhookId));
}
