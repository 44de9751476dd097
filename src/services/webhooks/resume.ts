import type { ResumedWebhook, ResumeWebhookInput } from '../../contracts/webhook.ts';
import type { Resuming, WebhookDoc } from '../../models/webhook.ts';
import type { RequestContext } from '../context.ts';
import { webhookRecovered } from '../events/events.ts';
import { pushUntold } from '../events/untold.ts';
import { findWebhook } from './find.ts';
import { showWebhook } from './get.ts';

/**
 * Resumes a webhook: what waits goes, oldest first, at the rate asked for, and whatever comes meanwhile goes behind it. An
 * endpoint that was failing is probed first. Resuming again changes the rate.
 */
export async function resumeWebhook(
  context: RequestContext,
  { webhookId, ratePerSecond }: ResumeWebhookInput & { webhookId: string },
): Promise<ResumedWebhook> {
  const { models, clock, waker, events } = context;
  const before = await findWebhook(context, webhookId);
  const now = clock();
  const waiting = await models.deliveries.countDocuments({ webhookId, state: 'waiting' });
  const event = before.paused ? webhookRecovered(before, 'It was resumed.', now) : null;
  await models.webhooks.updateOne(
    { _id: webhookId },
    {
      ...pushUntold(event),
      $set: {
        paused: null,
        resuming: toResuming(context, { ratePerSecond: ratePerSecond ?? null, waiting }),
        'health.probeAt': before.health.circuit === 'open' ? now : null,
        // Failing begins anew, lest the first failing probe pauses it by itself again.
        'health.failingSince': null,
        'health.failures': 0,
        updatedAt: now,
      },
    },
  );
  waker.wake(webhookId);
  if (event) await events.tell([event]);
  return { webhook: showWebhook(context, await findWebhook(context, webhookId)), waiting };
}

interface ToResumingInput {
  ratePerSecond: number | null;
  waiting: number;
}

/** The newest change there can be now is the mark: what is newer goes behind, and at no rate of this resume's. */
function toResuming(
  { clock, newId }: Pick<RequestContext, 'clock' | 'newId'>,
  { ratePerSecond, waiting }: ToResumingInput,
): Resuming | null {
  if (waiting === 0) return null;
  return { until: newId('chg'), ratePerSecond, released: 0, total: waiting, startedAt: clock() };
}

/** The edits that let go what waited while a webhook was disabled. */
export function toEnabledEdits(
  context: Pick<RequestContext, 'clock' | 'newId'>,
  waiting: number,
): Partial<WebhookDoc> {
  return { resuming: toResuming(context, { ratePerSecond: null, waiting }) };
}
