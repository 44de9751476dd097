import type { Attention, WebhookDoc } from '../../models/webhook.ts';
import type { RequestContext } from '../context.ts';
import { webhookRecovered } from '../events/events.ts';
import { createReplay } from '../replays/create.ts';

/**
 * Sends a webhook that needed attention, and listens again, what it asks for of what was written meanwhile: a backfill of
 * the changes since, silent ones left out. One that is disabled hears later what is written once it is enabled.
 */
export async function sendMissed(
  context: RequestContext,
  webhook: WebhookDoc,
  { at }: Attention,
): Promise<void> {
  const now = context.clock();
  await context.events.tell([webhookRecovered(webhook, 'What it asks for is there again.', now)]);
  if (!webhook.enabled) return;
  await createReplay(context, {
    webhookId: webhook._id,
    backfill: { changesSince: at.toISOString(), silent: false },
  });
}
