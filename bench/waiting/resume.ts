import { nowMs } from '../clock.ts';
import { total, workBetween } from '../measure/mongo-work.ts';
import type { UsageByRole } from '../processes/watch-usage.ts';
import { watchUsage } from '../processes/watch-usage.ts';
import type { SinkCounts } from '../sink/arrival.ts';
import { sleep, waitUntil } from '../sleep.ts';
import type { Standings } from './deliveries.ts';
import { readStandings } from './deliveries.ts';
import { letGo } from './let-go.ts';
import { readPayloads } from './payloads.ts';
import type { Stage } from './stage.ts';
import type { RunFigures, WorkflowFootprint } from './workflows.ts';
import { readFootprint, readWakeRuns, whenAllEnded, whenLineEnded } from './workflows.ts';

export interface ResumedFigures {
  /** Until resume was answered, or until it was noticed that an endpoint that was down answers. */
  ms: number;
  /** From then until the last arrival. */
  seconds: number;
  perSecond: number;
  /** Of each tenth of what arrived. */
  perSecondByTenth: number[];
  usage: UsageByRole;
  mongoCommandsPerDelivery: number;
  missing: number;
  duplicated: number;
  newer: { changeId: string; acceptMs: number; overtaken: number; missing: boolean };
  sink: SinkCounts;
  standings: Standings;
  wake: RunFigures;
  /** Of the largest event of any run of the wake, in bytes. */
  largestPayload: number;
  workflows: WorkflowFootprint;
}

/** The newer change is written when so much of what was parked has arrived. */
const NEWER_AFTER = 0.3;
/** Gives up when nothing arrived for so long. */
const IDLE_MS = 90_000;
const EVERY_MS = 100;

/** Ends what holds the deliveries, at no rate, writes one newer change on the way, and waits until everything has arrived. */
export async function resume(stage: Stage, changeIds: readonly string[]): Promise<ResumedFigures> {
  const { plan, mongo, roles, sink } = stage;
  // The line of an endpoint that is down goes on, and this run of it with what comes now.
  const isDown = plan.heldBy === 'down';
  if (!isDown) await whenLineEnded(stage);
  const runsBefore = (await readWakeRuns(stage)).runs - (isDown ? 1 : 0);
  const usage = await watchUsage(roles);
  const workBefore = await mongo.read();
  const ms = await letGo(stage);
  const answeredAt = nowMs();
  await whenArrived(stage, Math.floor(changeIds.length * NEWER_AFTER));
  const newer = await writeNewer(stage);
  await whenArrived(stage, changeIds.length + 1);
  const [used, work] = [await usage.stop(), workBetween(workBefore, await mongo.read())];
  await whenRecorded(stage);
  await whenLineEnded(stage);
  await whenAllEnded(stage);
  const arrivals = (await sink.arrivals()).toSorted((a, b) => a.at - b.at);
  const seconds = ((arrivals.at(-1)?.at ?? answeredAt) - answeredAt) / 1000;
  const heard = new Set(arrivals.map(({ changeId }) => changeId));
  const newerAt = arrivals.findIndex(({ changeId }) => changeId === newer.changeId);
  return {
    ms,
    seconds,
    perSecond: arrivals.length / seconds,
    perSecondByTenth: byTenth(
      arrivals.map(({ at }) => at),
      answeredAt,
    ),
    usage: used,
    mongoCommandsPerDelivery: total(work.commands) / Math.max(1, arrivals.length),
    missing: changeIds.filter((id) => !heard.has(id)).length,
    duplicated: arrivals.length - new Set(arrivals.map(({ deliveryId }) => deliveryId)).size,
    newer: { ...newer, overtaken: arrivals.length - 1 - newerAt, missing: newerAt === -1 },
    sink: await sink.counts(),
    standings: await readStandings(stage),
    wake: since(await readWakeRuns(stage), runsBefore),
    largestPayload: await readPayloads(stage),
    workflows: await readFootprint(stage),
  };
}

/** What was parked goes first, whatever is written meanwhile. */
async function writeNewer({ rest, target }: Stage): Promise<{ changeId: string; acceptMs: number }> {
  const startedAt = nowMs();
  const { changeId } = await rest.post<{ changeId: string }>(`/v1/tables/${target.tableId}/records`, {
    values: { Title: 'Newer', Status: 'completed', Count: -2 },
  });
  return { changeId, acceptMs: nowMs() - startedAt };
}

/** Waits for so many deliveries, or until nothing more comes: what is missing then is told, not thrown. */
async function whenArrived({ sink, signal }: Stage, wanted: number): Promise<void> {
  let [distinct, progressAt] = [-1, nowMs()];
  for (;;) {
    const counts = await sink.counts();
    if (counts.distinct !== distinct) [distinct, progressAt] = [counts.distinct, nowMs()];
    if (distinct >= wanted || nowMs() - progressAt > IDLE_MS) return;
    await sleep(EVERY_MS, signal);
  }
}

/** The last answers are written down a moment after they came. */
async function whenRecorded(stage: Stage): Promise<void> {
  const isOpen = ([state]: [string, number]) => !['delivered', 'failed', 'cancelled'].includes(state);
  await waitUntil(async () => !Object.entries((await readStandings(stage)).counts).some(isOpen), {
    what: 'the last answers to be recorded',
    timeoutMs: 30_000,
    everyMs: 250,
    signal: stage.signal,
  }).catch((error: unknown) => stage.say(String(error)));
}

function since({ runs, open, events, bytes }: RunFigures, before: number): RunFigures {
  return { runs: runs - before, open, events: events.slice(before), bytes: bytes.slice(before) };
}

function byTenth(times: readonly number[], startedAt: number): number[] {
  const size = Math.floor(times.length / 10);
  if (size === 0) return [];
  return Array.from({ length: 10 }, (_, tenth) => {
    const from = tenth === 0 ? startedAt : (times[tenth * size - 1] ?? startedAt);
    const until = times[(tenth + 1) * size - 1] ?? from;
    return (size * 1000) / Math.max(1, until - from);
  });
}
