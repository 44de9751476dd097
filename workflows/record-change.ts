import {
  CancellationScope,
  condition,
  isCancellation,
  setCurrentDetails,
  setHandler,
} from '@temporalio/workflow';
import type {
  AttemptActivityResult,
  FirstAttemptResult,
  PlannedDelivery,
  PlanResult,
  RecordChangeInput,
  RecordChangeResult,
  SettledResult,
} from '../src/contracts/workflow.ts';
import { outcomeOf } from '../src/domain/outcome-of.ts';
import { describe, nameChange, summarize, summarizeWait } from './describe.ts';
import { deliveriesFailed, settledResultOf } from './failures.ts';
import { wakeDelivery } from './messages.ts';
import { noteOutcome } from './note-attributes.ts';
import { deliverFirst, durableAttempts } from './proxies.ts';
import type { Standing } from './standing.ts';
import { afterHold, toStanding } from './standing.ts';

const DAY_MS = 86_400_000;

/**
 * One record change: plans who hears of it, makes the first attempts at once, and looks after the rest until all are
 * settled. Completes with the outcomes; fails, naming them, when a delivery failed.
 */
export async function recordChange({ changeId }: RecordChangeInput): Promise<RecordChangeResult> {
  // A cancel request is no way to end a delivery that is owed; the API's cancel is.
  return CancellationScope.nonCancellable(async () => {
    const desk = openDesk(changeId);
    const { plan: planned, results, settledAs } = await deliverFirst(changeId);
    const board = openBoard(planned);
    const outcomes = await Promise.all(
      planned.deliveries.map(async (delivery, index) => {
        const first = results[index] ?? { kind: 'deferred' };
        const result = await deliver(desk, { delivery, first }, (standing) => board.show(delivery, standing));
        board.show(delivery, toStanding(delivery, result));
        const { deliveryId, webhookName: webhook } = delivery;
        return { deliveryId, webhook, state: result.state, summary: result.summary };
      }),
    );
    board.draw();
    const outcome = outcomeOf(outcomes);
    // Delivered at once, it keeps the outcome it was started with.
    if (desk.troubled || settledAs) noteOutcome(outcome);
    const result = { change: nameChange(planned), outcomes };
    if (outcome === 'failed') throw deliveriesFailed(result);
    return result;
  });
}

/** Where the deliveries stand, as the current details show it: drawn once per step, however many change in it. */
function openBoard(plan: PlanResult) {
  const standings = new Map<string, Standing>();
  let drawing = false;
  const draw = () => {
    drawing = false;
    setCurrentDetails(describe(plan, standings));
  };
  draw();
  return {
    draw,
    show: (delivery: PlannedDelivery, standing: Standing) => {
      standings.set(delivery.deliveryId, standing);
      if (drawing) return;
      drawing = true;
      void Promise.resolve().then(draw);
    },
  };
}

/** What the deliveries of one workflow share: wake-ups, and attempts that a wake-up may cut short. */
interface Desk {
  changeId: string;
  woken: Set<string>;
  backoffs: Map<string, CancellationScope>;
  troubled: boolean;
}

function openDesk(changeId: string): Desk {
  const desk: Desk = { changeId, woken: new Set(), backoffs: new Map(), troubled: false };
  const wakeUp = (deliveryId: string) => {
    desk.woken.add(deliveryId);
    desk.backoffs.get(deliveryId)?.cancel();
  };
  setHandler(wakeDelivery, wakeUp, {
    description: 'A delivery may be attempted now; sent by Tablehook itself',
  });
  return desk;
}

async function deliver(
  desk: Desk,
  { delivery, first }: { delivery: PlannedDelivery; first: FirstAttemptResult },
  show: (standing: Standing) => void,
): Promise<SettledResult> {
  if (first.kind === 'settled') return first;
  if (!desk.troubled) {
    desk.troubled = true;
    noteOutcome('open');
  }
  let result: FirstAttemptResult | AttemptActivityResult = first;
  for (;;) {
    show(toStanding(delivery, result));
    if (result.kind === 'held') {
      const summary = summarizeWait(delivery, result.reason);
      await condition(() => desk.woken.has(delivery.deliveryId), fallbackMs(), { summary });
      show(afterHold(result.summary));
    }
    result = await attemptDurably(desk, delivery);
    if (result.kind === 'settled') return result;
  }
}

/**
 * Runs the durable activity until it settles or is held; a wake-up during its backoff schedules it anew, at once. Never
 * queued behind others of its workflow: those may be tried for days.
 */
async function attemptDurably(desk: Desk, delivery: PlannedDelivery): Promise<AttemptActivityResult> {
  const { deliveryId, webhookId } = delivery;
  try {
    for (;;) {
      desk.woken.delete(deliveryId);
      const scope = new CancellationScope({ cancellable: true });
      desk.backoffs.set(deliveryId, scope);
      const options = { summary: summarize(delivery), priority: { fairnessKey: webhookId } };
      try {
        return await scope.run(() =>
          durableAttempts().attempt.executeWithOptions(options, [
            { changeId: desk.changeId, deliveryId, webhookId },
          ]),
        );
      } catch (error) {
        const settled = settledResultOf(error);
        if (settled) return settled;
        if (!isCancellation(error)) throw error;
      }
    }
  } finally {
    desk.backoffs.delete(deliveryId);
  }
}

/** A wake-up may be lost to a fault nobody thought of: then within 36 hours, spread so that they do not come together. */
function fallbackMs(): number {
  return DAY_MS * (0.5 + Math.random());
}
