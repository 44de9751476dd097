import { nextMove } from '../src/domain/next-move.ts';
import { hasLimits } from '../src/domain/has-limits.ts';
import type { WebhookDoc } from '../src/models/webhook.ts';
import type { DeliverySummary, PlannedChange } from '../src/services/deliveries/plan.ts';
import { wakeNextOfRecords } from '../src/services/deliveries/next-of-record.ts';
import type { CalledUp } from './call-up.ts';
import { callUp } from './call-up.ts';
import type { ActivityDeps } from './deps.ts';

/**
 * Asks once more for what a plan held, now that it is stored: order and limits could not be asked for before, and a
 * webhook may have been resumed meanwhile. What still has to wait is made known to its line.
 */
export async function callUpHeld(deps: ActivityDeps, planned: readonly PlannedChange[]): Promise<CalledUp[]> {
  const held = planned.flatMap((plan) => plan.held);
  for (const { webhookId, waitReason } of held) {
    if (waitReason === 'endpoint-busy') deps.waitingLine.call(webhookId);
  }
  const others = held.filter(({ waitReason }) => waitReason !== 'endpoint-busy');
  const called = others.length === 0 ? [] : await callUpOthers(deps, others);
  const passedOver = planned.flatMap(({ passedOver: webhookIds, change: { recordId } }) =>
    webhookIds.map((webhookId) => ({ webhookId, recordId })),
  );
  await wakeNextOfRecords({ models: deps.services.models, workflows: deps.workflows }, passedOver);
  return called;
}

async function callUpOthers(deps: ActivityDeps, held: DeliverySummary[]): Promise<CalledUp[]> {
  const webhookIds = [...new Set(held.map(({ webhookId }) => webhookId))];
  const webhooks = await deps.services.models.webhooks.find({ _id: { $in: webhookIds } }).lean();
  const called: CalledUp[] = [];
  for (const webhook of webhooks) {
    const deliveries = held.filter(({ webhookId }) => webhookId === webhook._id);
    // No place is taken for what waits for more edits: it is the line's when it is due.
    const ready = deliveries.filter(({ waitReason }) => waitReason !== 'coalescing');
    const own = await callUp(deps, { webhook, deliveries: ready, calledBy: 'workflow', withinMs: 0 });
    called.push(...own);
    if (own.length < deliveries.length) tellLine(deps, webhook);
  }
  // Gone with their webhook: the line sees to the end of what it was owed.
  for (const webhookId of webhookIds) {
    if (!webhooks.some(({ _id }) => _id === webhookId)) deps.waker.wake(webhookId);
  }
  return called;
}

/** Tells the webhook's line, unless it rests, will be probed anyway, or none of these is in it. */
function tellLine({ services, waker }: ActivityDeps, webhook: WebhookDoc): void {
  const now = services.clock();
  const move = nextMove(webhook, now);
  if (move.kind === 'rest' || (move.kind === 'probe' && move.at > now)) return;
  const { order, coalesce } = webhook.delivery;
  const isOrderOnly = order === 'record' && !coalesce && !hasLimits(webhook.delivery) && !webhook.resuming;
  if (move.kind === 'drain' && isOrderOnly) return;
  waker.wake(webhook._id);
}
