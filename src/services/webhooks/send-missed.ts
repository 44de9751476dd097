import type { WebhookDoc } from '../../models/webhook.ts';
import type { RequestContext } from '../context.ts';
import { webhookRecovered } from '../events/events.ts';
import { createReplay } from '../replays/create.ts';

export interface SendMissedInput {
  webhook: WebhookDoc;
  /** From when on it missed something; null when it was disabled all along. */
  since: Date | null;
}

/**
 * Tells that a webhook needs attention no longer, and sends what it asks for of what was written meanwhile: a backfill of
 * the changes since, silent ones left out. One that is disabled is owed nothing.
 */
export async function sendMissed(
  context: RequestContext,
  { webhook, since }: SendMissedInput,
): Promise<void> {
  const now = context.clock();
  await context.events.tell([webhookRecovered(webhook, 'What it asks for is there again.', now)]);
  if (!webhook.enabled || since === null) return;
  await createReplay(context, {
    webhookId: webhook._id,
    backfill: { changesSince: since.toISOString(), silent: false },
  });
}
