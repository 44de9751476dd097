import type { WaitReason } from '../../contracts/delivery.ts';
import { MOST_COUNTED } from '../../domain/most-counted.ts';
import type { WaitingDelivery } from '../../models/delivery.ts';
import { WAITING_DELIVERY } from '../../models/delivery.ts';
import type { WebhookDoc } from '../../models/webhook.ts';
import type { ServiceContext } from '../context.ts';

/** What a webhook's line holds; the others wait for an earlier change, or for more edits. */
const LINE_REASONS: WaitReason[] = [
  'disabled',
  'paused',
  'circuit-open',
  'rate-limited',
  'resuming',
  'endpoint-busy',
];

/** Why deliveries stand in the line of a webhook as it is registered now. */
export function lineReasons({ delivery }: Pick<WebhookDoc, 'delivery'>): WaitReason[] {
  return [
    ...LINE_REASONS,
    ...(delivery.order === 'none' ? (['earlier-change'] as const) : []),
    ...(delivery.coalesce ? [] : (['coalescing'] as const)),
  ];
}

/** The oldest deliveries in a webhook's line, and of those that wait for more edits the ones that have waited enough. */
export async function findWaiting(
  { models, clock }: Pick<ServiceContext, 'models' | 'clock'>,
  webhook: WebhookDoc,
  limit: number,
): Promise<WaitingDelivery[]> {
  const waiting = { webhookId: webhook._id, state: 'waiting' as const };
  const due = webhook.delivery.coalesce
    ? await models.deliveries
        .find({ ...waiting, waitReason: 'coalescing', nextAttemptAt: { $lte: clock() } }, WAITING_DELIVERY)
        .sort({ nextAttemptAt: 1 })
        .limit(limit)
        .lean<WaitingDelivery[]>()
    : [];
  if (due.length === limit) return due;
  const oldest = await models.deliveries
    .find({ ...waiting, waitReason: { $in: lineReasons(webhook) } }, WAITING_DELIVERY)
    .sort({ changeId: 1 })
    .limit(limit - due.length)
    .lean<WaitingDelivery[]>();
  return [...due, ...oldest];
}

/** When the next delivery that waits for more edits has waited enough; null when none does. */
export async function nextDueAt(
  { models }: Pick<ServiceContext, 'models'>,
  { _id, delivery }: WebhookDoc,
): Promise<Date | null> {
  if (!delivery.coalesce) return null;
  const next = await models.deliveries
    .findOne({ webhookId: _id, state: 'waiting', waitReason: 'coalescing' }, { nextAttemptAt: 1 })
    .sort({ nextAttemptAt: 1 })
    .lean();
  return next?.nextAttemptAt ?? null;
}

/** How many deliveries of a webhook wait, for whatever reason; at most `MOST_COUNTED`. Read from an index. */
export async function countWaiting(
  { models }: Pick<ServiceContext, 'models'>,
  webhookId: string,
): Promise<number> {
  return models.deliveries.countDocuments({ webhookId, state: 'waiting' }, { limit: MOST_COUNTED });
}
