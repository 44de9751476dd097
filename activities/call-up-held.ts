import { nextMove } from '../src/domain/next-move.ts';
import type { WaitReason } from '../src/contracts/delivery.ts';
import type { WebhookDoc } from '../src/models/webhook.ts';
import type { DeliverySummary } from '../src/models/delivery.ts';
import type { HeldDelivery, PlannedChange } from '../src/services/deliveries/plan.ts';
import { correctReasons } from '../src/services/deliveries/correct-reasons.ts';
import { wakeNextOfRecords } from '../src/services/deliveries/next-of-record.ts';
import type { CalledUp } from './call-up.ts';
import { callUp } from './call-up.ts';
import type { ActivityDeps } from './deps.ts';

/** What became of deliveries that a plan held. */
export interface CalledUpHeld {
  called: CalledUp[];
  /** By delivery: why it waits, where that is another reason than it was planned with. */
  moved: ReadonlyMap<string, WaitReason>;
}

/**
 * Asks once more for what a plan held, now that it is stored: order and limits could not be asked for before, and a
 * webhook may have been resumed meanwhile. What still has to wait does so for the right reason, and its line knows.
 */
export async function callUpHeld(
  deps: ActivityDeps,
  planned: readonly PlannedChange[],
): Promise<CalledUpHeld> {
  const held = planned.flatMap((plan) => plan.held);
  for (const { webhookId, waitReason } of held) {
    if (waitReason === 'endpoint-busy') deps.waitingLine.call(webhookId);
  }
  const others = held.filter(({ waitReason }) => waitReason !== 'endpoint-busy');
  const result = others.length === 0 ? { called: [], moved: new Map() } : await callUpOthers(deps, others);
  await wakePassedOver(deps, planned);
  return result;
}

/** What waits behind changes that an ordered webhook is not owed may go. */
async function wakePassedOver(
  { services, workflows, onError }: ActivityDeps,
  planned: readonly PlannedChange[],
): Promise<void> {
  const passedOver = planned.flatMap(({ passedOver: webhookIds, change: { recordId } }) =>
    webhookIds.map((webhookId) => ({ webhookId, recordId })),
  );
  try {
    await wakeNextOfRecords({ models: services.models, workflows }, passedOver);
  } catch (error) {
    // What was called up must go out none the less; the reconciler wakes what waits.
    onError('waking what waited behind a change', error);
  }
}

async function callUpOthers(deps: ActivityDeps, held: HeldDelivery[]): Promise<CalledUpHeld> {
  const webhookIds = [...new Set(held.map(({ webhookId }) => webhookId))];
  const webhooks = await deps.services.models.webhooks.find({ _id: { $in: webhookIds } }).lean();
  const called: CalledUp[] = [];
  const moved = new Map<string, WaitReason>();
  try {
    for (const webhook of webhooks) {
      const deliveries = held.filter(({ webhookId }) => webhookId === webhook._id);
      // No place is taken for what waits for more edits: it is the line's when it is due.
      const ready = deliveries.filter(({ waitReason }) => waitReason !== 'coalescing');
      const own = await callUp(deps, { webhook, deliveries: ready, calledBy: 'workflow', withinMs: 0 });
      called.push(...own);
      const ids = new Set(own.map(({ attempt }) => attempt.delivery._id));
      const left = deliveries.filter(({ _id }) => !ids.has(_id));
      if (left.length > 0) await leaveInLine(deps, { webhook, left, moved });
    }
  } catch (error) {
    // Nobody will attempt them now; their claims end by themselves.
    for (const { place } of called) place.end();
    throw error;
  }
  // Gone with their webhook: the line sees to the end of what it was owed.
  for (const webhookId of webhookIds) {
    if (!webhooks.some(({ _id }) => _id === webhookId)) deps.waker.wake(webhookId);
  }
  return { called, moved };
}

interface LeaveInLineInput {
  webhook: WebhookDoc;
  left: DeliverySummary[];
  /** Where it is noted what waits for another reason than it was planned with. */
  moved: Map<string, WaitReason>;
}

/** What was not called up waits where whoever can let it go will find it; that line is told. */
async function leaveInLine(deps: ActivityDeps, { webhook, left, moved }: LeaveInLineInput): Promise<void> {
  const { services, waitingLine, waker } = deps;
  // Said before it is stored, so that no turn that becomes free meanwhile is missed.
  const beforeBusy = () => waitingLine.join(webhook._id);
  const fresh = await correctReasons(services, webhook, { deliveries: left, beforeBusy });
  for (const [deliveryId, reason] of fresh) moved.set(deliveryId, reason);
  const reasons = new Set(fresh.values());
  if (reasons.delete('endpoint-busy')) waitingLine.call(webhook._id);
  // The webhook may have been resumed since it was read: its line looks for itself.
  if (reasons.size > 0) waker.wake(webhook._id);
  else tellLine(deps, webhook, left);
}

/** Tells the webhook's line, unless it rests, will be probed anyway, or none of these is in it. */
function tellLine({ services, waker }: ActivityDeps, webhook: WebhookDoc, left: DeliverySummary[]): void {
  const now = services.clock();
  const move = nextMove(webhook, now);
  if (move.kind === 'rest' || (move.kind === 'probe' && move.at > now)) return;
  // Whoever settles the earlier change lets those go; planned while the webhook was paused, they wait for something else.
  const areOrdered = left.every(({ waitReason }) => waitReason === 'earlier-change');
  if (move.kind === 'drain' && webhook.delivery.order === 'record' && areOrdered) return;
  waker.wake(webhook._id);
}
