import { randomUUID } from 'node:crypto';
import type { WebhookDoc } from '../../models/webhook.ts';
import type { ServiceContext } from '../context.ts';
import type { StartedAttempt } from './begin-attempt.ts';
import { leaseEnd } from './lease.ts';

/** What was claimed from a line has no workflow that would miss it: soon after, somebody makes sure that it did not get lost. */
const VERIFY_CLAIMED_AFTER_MS = 10_000;

/**
 * Claims deliveries that wait, in one conditional update, for attempts that follow at once. Answers those that were still
 * waiting, due and not undone, oldest first.
 */
export async function claimWaiting(
  { models, clock }: Pick<ServiceContext, 'models' | 'clock'>,
  webhook: WebhookDoc,
  deliveryIds: readonly string[],
): Promise<StartedAttempt[]> {
  if (deliveryIds.length === 0) return [];
  const now = clock();
  const taken = { token: randomUUID(), startedAt: now, until: leaseEnd(now) };
  const due = [{ nextAttemptAt: null }, { nextAttemptAt: { $lte: now } }];
  // Nobody waits for more edits any more, once the webhook does not ask for it.
  const isDue = { $or: webhook.delivery.coalesce ? due : [...due, { waitReason: 'coalescing' as const }] };
  const { modifiedCount } = await models.deliveries.updateMany(
    {
      _id: { $in: [...deliveryIds] },
      open: true,
      state: 'waiting',
      'merged.undone': { $ne: true },
      ...isDue,
    },
    [
      {
        $set: {
          state: 'delivering',
          waitReason: null,
          nextAttemptAt: null,
          claim: { ...taken, number: { $add: ['$attemptCount', 1] } },
          verifyAt: new Date(now.getTime() + VERIFY_CLAIMED_AFTER_MS),
        },
      },
    ],
    { updatePipeline: true },
  );
  if (modifiedCount === 0) return [];
  const claimed = await models.deliveries
    .find({ _id: { $in: [...deliveryIds] }, 'claim.token': taken.token })
    .sort({ changeId: 1 })
    .lean();
  return claimed.map((delivery) => ({
    delivery,
    webhook,
    claim: { ...taken, number: delivery.attemptCount + 1 },
  }));
}
