import type { FailureReason } from '../../domain/classify-attempt.ts';
import type { DeliverySummary } from '../../models/delivery.ts';
import { DELIVERY_SUMMARY } from '../../models/delivery.ts';
import type { WebhookDoc } from '../../models/webhook.ts';
import type { ServiceContext } from '../context.ts';

const LIMIT = 200;
const GAVE_UP: FailureReason = 'gave-up';

/**
 * Gives up deliveries whose horizon passed while their endpoint failed: time with the circuit open counts. At most 200,
 * in one conditional update; answers those that were given up.
 */
export async function giveUpOverdue(
  { models, clock }: Pick<ServiceContext, 'models' | 'clock'>,
  { _id, retry }: WebhookDoc,
): Promise<DeliverySummary[]> {
  const now = clock();
  const longSince = new Date(now.getTime() - retry.giveUpAfterMs);
  const overdue = await models.deliveries
    .find(
      {
        webhookId: _id,
        state: 'waiting',
        waitReason: 'circuit-open',
        owedSince: { $lte: longSince },
        $expr: { $lte: [{ $add: ['$owedSince', '$heldMs'] }, longSince] },
      },
      DELIVERY_SUMMARY,
    )
    .sort({ _id: 1 })
    .limit(LIMIT)
    .lean();
  if (overdue.length === 0) return [];
  const ids = { $in: overdue.map((delivery) => delivery._id) };
  await models.deliveries.updateMany(
    { _id: ids, state: 'waiting', waitReason: 'circuit-open' },
    {
      $set: {
        state: 'failed',
        failureReason: GAVE_UP,
        open: false,
        waitReason: null,
        waitingSince: null,
        settledAt: now,
        untold: true,
      },
    },
  );
  return models.deliveries.find({ _id: ids, state: 'failed', settledAt: now }, DELIVERY_SUMMARY).lean();
}
