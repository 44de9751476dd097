import { nowMs } from '../clock.ts';
import { total, workBetween } from '../measure/mongo-work.ts';
import { watchUsage } from '../processes/watch-usage.ts';
import { sleep } from '../sleep.ts';
import type { Standings } from './deliveries.ts';
import { readStandings } from './deliveries.ts';
import { shiftBack } from './shift-back.ts';
import type { Stage } from './stage.ts';
import { readFootprint } from './workflows.ts';

export interface HeldFigures {
  seconds: number;
  mongoCommandsPerSecond: number;
  cpuSeconds: Record<string, number>;
  /** Events that all histories together gained, and workflows that were started. */
  eventsAdded: number;
  workflowsStarted: number;
  /** Calls that are no polls; null where Temporal tells none. */
  temporalCalls: number | null;
}

export interface DaysFigures {
  days: number;
  /** Given to the reconciler after that. */
  seconds: number;
  before: Standings;
  after: Standings;
  calls: number;
}

/** The reconciler looks every 10 s. */
export const ROUND_MS = 11_000;
const DAY_MS = 86_400_000;
/** Temporal's metrics are brought up to date once a second. */
const METRICS_LAG_MS = 1_500;

/** Lets what is parked wait, and counts what that costs. */
export async function hold(stage: Stage, seconds: number): Promise<HeldFigures> {
  const { mongo, roles, signal } = stage;
  const before = await readFootprint(stage);
  await sleep(METRICS_LAG_MS, signal);
  const callsBefore = await stage.readTemporalCalls();
  const usage = await watchUsage(roles);
  const [workBefore, startedAt] = [await mongo.read(), nowMs()];
  await sleep(seconds * 1000, signal);
  const [work, heldSeconds] = [workBetween(workBefore, await mongo.read()), (nowMs() - startedAt) / 1000];
  const used = await usage.stop();
  await sleep(METRICS_LAG_MS, signal);
  const calls = await stage.readTemporalCalls();
  const after = await readFootprint(stage);
  return {
    seconds: heldSeconds,
    mongoCommandsPerSecond: total(work.commands) / heldSeconds,
    cpuSeconds: Object.fromEntries(Object.entries(used).map(([role, { cpuSeconds }]) => [role, cpuSeconds])),
    eventsAdded: after.events - before.events,
    workflowsStarted: after.started - before.started,
    temporalCalls: calls && callsBefore ? countWork(calls) - countWork(callsBefore) : null,
  };
}

/** Polls come back whether or not there is anything to do. */
function countWork(calls: Record<string, number>): number {
  const work = Object.entries(calls).filter(([operation]) => !operation.startsWith('Poll'));
  return total(Object.fromEntries(work));
}

/** Moves everything days into the past, which is longer than deliveries are tried, and lets the reconciler look at it. */
export async function passDays(stage: Stage): Promise<DaysFigures> {
  const before = await readStandings(stage);
  await shiftBack(stage, stage.plan.days * DAY_MS);
  await sleep(2 * ROUND_MS, stage.signal);
  return {
    days: stage.plan.days,
    seconds: (2 * ROUND_MS) / 1000,
    before,
    after: await readStandings(stage),
    calls: (await stage.sink.counts()).calls,
  };
}
