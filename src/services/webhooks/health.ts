import type { CircuitState, WebhookHealth } from '../../contracts/webhook-health.ts';
import { nextMove } from '../../domain/next-move.ts';
import type { WebhookDoc } from '../../models/webhook.ts';
import { toStatus } from '../../models/webhook.ts';
import type { RequestContext } from '../context.ts';
import { findWebhook } from './find.ts';

/** How far back the newest success is looked for: healthy traffic writes nothing down. */
const LOOK_BACK = 500;

/** How a webhook's endpoint fares, what waits for it, and when it is called next. */
export async function getWebhookHealth(
  context: RequestContext,
  { webhookId }: { webhookId: string },
): Promise<WebhookHealth> {
  const { models, clock } = context;
  const webhook = await findWebhook(context, webhookId);
  const { health, resuming } = webhook;
  const waiting = await models.deliveries.countDocuments({ webhookId, state: 'waiting' });
  // What waits in line is not verified one by one: the others are few, and have an index of their own.
  const others = await models.deliveries.countDocuments({
    webhookId,
    open: true,
    verifyAt: { $type: 'date' },
    state: { $ne: 'waiting' },
  });
  const lastSuccessAt = await findLastSuccess(context, webhook);
  const now = clock();
  const move = nextMove(webhook, now);
  return {
    ...toStatus(webhook),
    open: waiting + others,
    waiting,
    lastSuccessAt: lastSuccessAt?.toISOString() ?? null,
    lastFailureAt: health.lastFailureAt?.toISOString() ?? null,
    lastStatus: health.lastStatus,
    failingSince: health.failingSince?.toISOString() ?? null,
    circuit: toCircuitState(webhook, now),
    // Nobody probes for a webhook that a person paused, or that is disabled.
    nextProbeAt: move.kind === 'probe' ? move.at.toISOString() : null,
    resuming: resuming && {
      released: resuming.released,
      total: resuming.total,
      ratePerSecond: resuming.ratePerSecond,
      startedAt: resuming.startedAt.toISOString(),
    },
  };
}

function toCircuitState({ health }: WebhookDoc, now: Date): CircuitState {
  if (health.probingUntil && health.probingUntil > now) return 'probing';
  return health.circuit;
}

async function findLastSuccess(
  { models }: RequestContext,
  { _id, health }: WebhookDoc,
): Promise<Date | null> {
  const newest = await models.deliveries
    .find({ webhookId: _id }, { state: 1, settledAt: 1 })
    .sort({ _id: -1 })
    .limit(LOOK_BACK)
    .lean();
  const times = newest.flatMap(({ state, settledAt }) =>
    state === 'delivered' && settledAt ? [settledAt] : [],
  );
  const all = health.lastSuccessAt ? [...times, health.lastSuccessAt] : times;
  return all.toSorted((a, b) => b.getTime() - a.getTime())[0] ?? null;
}
