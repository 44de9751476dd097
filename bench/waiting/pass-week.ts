import { nowMs } from '../clock.ts';
import type { UsageByRole } from '../processes/watch-usage.ts';
import { watchUsage } from '../processes/watch-usage.ts';
import { sleep } from '../sleep.ts';
import { countAttempted, findOwnWorkflows, readStandings } from './deliveries.ts';
import { whenHeld } from './fail.ts';
import type { DaysFigures } from './hold.ts';
import { ROUND_MS } from './hold.ts';
import { probeOften } from './probe.ts';
import { shiftBack } from './shift-back.ts';
import type { Stage } from './stage.ts';
import type { CollectionSize } from './storage.ts';
import { readStorage } from './storage.ts';
import type { WebhookState } from './webhook-state.ts';
import { readWebhookState } from './webhook-state.ts';
import type { RunFigures, WorkflowFootprint } from './workflows.ts';
import { readFootprint, readLengths, readWakeRuns } from './workflows.ts';

/** How things stood after a part of the week. */
export interface WeekStep {
  /** Since the endpoint went down. */
  hours: number;
  probes: number;
  paused: WebhookState['paused'];
  counts: Record<string, number>;
}

/** A week with an endpoint that is down. */
export interface WeekFigures {
  /** Deliveries that were attempted before it began: those that failed before the circuit opened. */
  attempted: number;
  steps: WeekStep[];
  usage: UsageByRole;
  storage: Record<string, CollectionSize>;
  workflows: { before: WorkflowFootprint; after: WorkflowFootprint };
  /** The runs of the line, which made all probes. */
  wake: RunFigures;
  /** Events of workflows that looked at their delivery once a day, at most; null where none has one of its own. */
  eventsOfLooking: number | null;
}

const HOUR_MS = 3_600_000;
const HOURS_A_DAY = 24;
/** Workflows of single deliveries that look once a day: the oldest, which failed themselves, and the newest. */
const LOOKING = 10;

/**
 * Lets a week pass in steps, so that what happens in life happens in its order: the webhook pauses itself after 24 hours,
 * before any delivery is 3 days old; from then on horizons stand still. After each step the worker looks at what is due.
 *
 * Not simulated: Temporal's own timers cannot be moved. A line that sleeps until its next probe is woken by a signal, and
 * probes are fewer than one every 5 minutes unless the plan asks for all 288 a day. Workflows of single deliveries, which
 * look for themselves within 36 hours, do so by a signal as well, a few of them once a day. Nor are changes and the log
 * of attempts moved, whose times decide nothing before they expire, nor does history that is a week old leave Temporal.
 */
export async function passWeek(
  stage: Stage,
  owed: number,
): Promise<{ days: DaysFigures; week: WeekFigures }> {
  const { plan, roles, signal, say } = stage;
  const [before, attempted, footprint] = [
    await readStandings(stage),
    await countAttempted(stage),
    await readFootprint(stage),
  ];
  const looking = [
    ...(await findOwnWorkflows(stage, LOOKING, 'oldest')),
    ...(await findOwnWorkflows(stage, LOOKING, 'newest')),
  ];
  const [usage, startedAt] = [await watchUsage(roles), nowMs()];
  const steps: WeekStep[] = [];
  for (let hours = 0; hours < plan.days * HOURS_A_DAY;) {
    const { paused } = await readWebhookState(stage);
    const stepHours = paused === 'no' ? plan.stepHours : HOURS_A_DAY;
    hours += stepHours;
    await shiftBack(stage, stepHours * HOUR_MS);
    if (hours % HOURS_A_DAY === 0) await wakeAll(stage, looking);
    await probeOften(stage, Math.max(1, Math.round((plan.probesADay * stepHours) / HOURS_A_DAY)));
    await sleep(plan.stepSeconds * 1000, signal);
    await whenHeld(stage, owed);
    const step = await readStep(stage, hours);
    steps.push(step);
    say(`after ${hours} h: paused ${step.paused}, ${step.probes} probes, ${JSON.stringify(step.counts)}`);
  }
  await sleep(ROUND_MS, signal);
  const seconds = (nowMs() - startedAt) / 1000;
  const lengths = await readLengths(stage, [...new Set(looking.map(({ workflowId }) => workflowId))]);
  return {
    days: {
      ...{ days: plan.days, seconds, before, after: await readStandings(stage) },
      calls: (await stage.sink.counts()).calls,
    },
    week: {
      ...{ attempted, steps, usage: await usage.stop(), storage: await readStorage(stage) },
      workflows: { before: footprint, after: await readFootprint(stage) },
      wake: await readWakeRuns(stage),
      eventsOfLooking: lengths.length === 0 ? null : Math.max(...lengths),
    },
  };
}

async function wakeAll(
  { temporal }: Stage,
  own: { deliveryId: string; workflowId: string }[],
): Promise<void> {
  for (const { workflowId, deliveryId } of own) {
    await temporal.workflow.getHandle(workflowId).signal('wakeDelivery', deliveryId);
  }
}

async function readStep(stage: Stage, hours: number): Promise<WeekStep> {
  const [{ probes, paused }, { counts }] = [await readWebhookState(stage), await readStandings(stage)];
  return { hours, probes, paused, counts };
}
