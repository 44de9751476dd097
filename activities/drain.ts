import type { WakeStepResult } from '../src/contracts/workflow.ts';
import { nextMove } from '../src/domain/next-move.ts';
import type { WebhookDoc } from '../src/models/webhook.ts';
import { holdForOrder } from '../src/services/deliveries/hold.ts';
import type { WaitingDelivery } from '../src/models/delivery.ts';
import { nextDueAt } from '../src/services/line/find-waiting.ts';
import { endResuming, hasParkedVersions } from '../src/services/line/progress.ts';
import type { ActivityDeps } from './deps.ts';
import { LineStep } from './line-step.ts';
import { takeWaiting } from './take-waiting.ts';

/** A step takes no more deliveries after this time: long enough to cost few events, short enough to be seen. */
const STEP_MS = 8_000;
/** Nor more than so many, each of which is about 100 bytes of its answer: Temporal refuses answers of 2 MB. */
const STEP_DELIVERIES = 4_000;
/** Attempts that take longer after that are left to workflows of their own. */
const SETTLE_MS = 2_000;
/** Slots are reserved so far ahead: what was reserved is spent, also when the webhook is paused meanwhile. */
const WITHIN_MS = 250;
/** Where the endpoint has no place, how soon to look again, unless an attempt ends before; then twice as long, and so on. */
const NO_PLACE_MS = { first: 50, most: 800 };

/**
 * Lets the deliveries in a webhook's line go, oldest first, as fast as its rate and its endpoint's places allow. The webhook
 * is read again before every batch, so that edits count at once.
 */
export async function drain(deps: ActivityDeps, webhook: WebhookDoc): Promise<WakeStepResult> {
  const { services } = deps;
  const step = new LineStep(deps, webhook._id);
  const deadlineMs = services.clock().getTime() + STEP_MS;
  let next: WakeStepResult['next'] | null = null;
  let current: WebhookDoc | null = webhook;
  while (next === null) {
    next = await takeRound(deps, { step, webhook: current });
    // A worker that cuts its calls off leaves the line to the next one.
    if (deps.shutdownSignal.aborted) next ??= { kind: 'again' };
    const isOver = services.clock().getTime() >= deadlineMs || step.released >= STEP_DELIVERIES;
    if (isOver) next ??= { kind: 'again' };
    if (next === null) current = await services.models.webhooks.findOne({ _id: webhook._id }).lean();
    if (!current || nextMove(current, services.clock()).kind !== 'drain') next ??= { kind: 'again' };
  }
  await step.end(SETTLE_MS);
  return { summary: `${step.released} let go`, outcomes: step.outcomes, next };
}

interface Round {
  step: LineStep;
  webhook: WebhookDoc;
}

/** Takes the next deliveries. Answers what follows when there is nothing to take now. */
async function takeRound(
  deps: ActivityDeps,
  { step, webhook }: { step: LineStep; webhook: WebhookDoc | null },
): Promise<WakeStepResult['next'] | null> {
  if (!webhook) return { kind: 'again' };
  const waiting = await takeWaiting(deps, webhook, step.batch(webhook));
  if (waiting.length === 0) return whenEmpty(deps, { step, webhook });
  const ratePerSecond = resumeRate(webhook, waiting);
  const begun = await step.attempt(webhook, {
    deliveries: waiting,
    calledBy: 'line',
    withinMs: WITHIN_MS,
    ratePerSecond,
  });
  if (begun > 0) {
    await step.untilLastSlot();
    return null;
  }
  if (webhook.delivery.order === 'record') await holdForOrder(deps.services, waiting);
  const hasRate = ratePerSecond !== null || webhook.delivery.ratePerSecond !== undefined;
  return whenNoPlace(deps, { step, slotAt: hasRate ? webhook.nextSlotAt : null });
}

/** What was parked when somebody resumed goes at the rate they chose, as does what is taken together with it. */
function resumeRate({ resuming }: WebhookDoc, waiting: WaitingDelivery[]): number | null {
  if (!resuming) return null;
  return waiting.some(({ changeId }) => changeId <= resuming.until) ? resuming.ratePerSecond : null;
}

async function whenEmpty(
  deps: ActivityDeps,
  { step, webhook }: Round,
): Promise<WakeStepResult['next'] | null> {
  if (webhook.resuming && !(await hasParkedVersions(deps.services, webhook))) {
    await endResuming(deps.services, webhook);
    // Whatever was stored before it heard of that is found by one more look.
    return null;
  }
  if (step.underWay > 0) {
    await step.whenOneEnds(NO_PLACE_MS.most);
    return null;
  }
  const dueAt = await nextDueAt(deps.services, webhook);
  return dueAt ? { kind: 'wait', at: dueAt.toISOString() } : { kind: 'done' };
}

/** No turn, no seat, or no slot yet: a slot that is far off is slept for by the workflow. */
async function whenNoPlace(
  { services }: ActivityDeps,
  { step, slotAt }: { step: LineStep; slotAt: Date | null },
): Promise<WakeStepResult['next'] | null> {
  const now = services.clock().getTime();
  const slotMs = (slotAt?.getTime() ?? 0) - now;
  if (slotMs > STEP_MS) return { kind: 'wait', at: new Date(now + slotMs).toISOString() };
  const noPlaceMs = Math.min(NO_PLACE_MS.most, NO_PLACE_MS.first * 2 ** step.inVain);
  step.inVain += 1;
  await step.whenOneEnds(slotMs > WITHIN_MS ? slotMs - WITHIN_MS : noPlaceMs);
  return null;
}
