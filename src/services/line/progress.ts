import type { WebhookDoc } from '../../models/webhook.ts';
import type { ServiceContext } from '../context.ts';

type LineContext = Pick<ServiceContext, 'models'>;

/** Counts deliveries that were let go in the course of a resume. */
export async function countReleased(
  { models }: LineContext,
  { _id, resuming }: WebhookDoc,
  count: number,
): Promise<void> {
  if (!resuming || count === 0) return;
  await models.webhooks.updateOne(
    { _id, 'resuming.startedAt': resuming.startedAt },
    { $inc: { 'resuming.released': count } },
  );
}

/**
 * Whether later versions of records still wait for earlier ones, of those that are to go at the rate somebody chose when
 * they resumed. They come back to the line one after the other.
 */
export async function hasParkedVersions(
  { models }: LineContext,
  { _id, resuming, delivery }: WebhookDoc,
): Promise<boolean> {
  if (delivery.order === 'none' || !resuming || resuming.ratePerSecond === null) return false;
  const parked = await models.deliveries.exists({
    webhookId: _id,
    state: 'waiting',
    waitReason: 'earlier-change',
    changeId: { $lte: resuming.until },
    attemptCount: 0,
  });
  return parked !== null;
}

/** Ends a resume: what is new need not go behind those in line any more. Whoever does so looks at the line once again. */
export async function endResuming({ models }: LineContext, { _id, resuming }: WebhookDoc): Promise<void> {
  if (!resuming) return;
  await models.webhooks.updateOne(
    { _id, 'resuming.startedAt': resuming.startedAt },
    { $set: { resuming: null } },
  );
}

/** Says that a probe is under way, and for how long at most. */
export async function noteProbe(
  { models }: LineContext,
  { _id, retry }: WebhookDoc,
  now: Date,
): Promise<void> {
  const probingUntil = new Date(now.getTime() + retry.timeoutMs);
  await models.webhooks.updateOne({ _id }, { $set: { 'health.probingUntil': probingUntil } });
}
