import { nowMs } from '../clock.ts';
import type { Load } from '../load/load-plan.ts';
import { runLoad } from '../load/run-load.ts';
import { readUsage } from '../processes/usage.ts';
import type { UsageByRole } from '../processes/watch-usage.ts';
import { watchUsage } from '../processes/watch-usage.ts';
import { waitUntil } from '../sleep.ts';
import { readHealth } from './answers.ts';
import { findOwnWorkflows } from './deliveries.ts';
import type { Stage } from './stage.ts';
import type { CollectionSize } from './storage.ts';
import { readStorage } from './storage.ts';
import type { WorkflowFootprint } from './workflows.ts';
import { readFootprint, whenSharedEnded } from './workflows.ts';

export interface ParkedFigures {
  changeIds: string[];
  /** From the first request until all were accepted, and until health counted them all as waiting. */
  acceptedSeconds: number;
  waitingSeconds: number;
  acceptedPerSecond: number;
  rssBytes: { before: number; after: number; peak: number };
  usage: UsageByRole;
  storage: { before: Record<string, CollectionSize>; after: Record<string, CollectionSize> };
  workflows: WorkflowFootprint;
}

export interface SinglesFigures {
  changeIds: string[];
  /** Those that have a workflow of their own, which sleeps. */
  own: number;
  /** Events of one of these, at least and at most. */
  events: { least: number; most: number } | null;
  /** What a look adds that finds the webhook still paused, as the fallback timer brings one within 36 h; null: none was made. */
  eventsOfALook: number | null;
}

const BATCH = 1_000;
const PER_SECOND = 2;
const REQUEST_TIMEOUT_MS = 60_000;
const PARK_TIMEOUT_MS = 1_800_000;
const LOOK_MS = 2_000;

/** Writes changes to the paused webhook in batches, as fast as they are accepted, until all wait. */
export async function parkMany(stage: Stage): Promise<ParkedFigures> {
  const { plan, tablehookPid, roles } = stage;
  const before = await readStorage(stage);
  const rssBefore = (await readUsage(tablehookPid))?.rssBytes ?? 0;
  const usage = await watchUsage(roles);
  const startedAt = nowMs();
  const size = Math.min(BATCH, plan.count);
  const requests = size === 0 ? 0 : Math.ceil(plan.count / size);
  const changeIds = await write(stage, { kind: 'batch', requests, size, connections: 2 });
  const acceptedSeconds = (nowMs() - startedAt) / 1000;
  await whenWaiting(stage, changeIds.length);
  const waitingSeconds = (nowMs() - startedAt) / 1000;
  await whenSharedEnded(stage);
  const used = await usage.stop();
  return {
    changeIds,
    acceptedSeconds,
    waitingSeconds,
    acceptedPerSecond: changeIds.length / acceptedSeconds,
    rssBytes: {
      before: rssBefore,
      after: (await readUsage(tablehookPid))?.rssBytes ?? 0,
      peak: used['standalone']?.peakRssBytes ?? 0,
    },
    usage: used,
    storage: { before, after: await readStorage(stage) },
    workflows: await readFootprint(stage),
  };
}

/** Writes a few more one at a time, so slowly that each has a workflow of its own, and looks at what those cost. */
export async function parkSingly(stage: Stage, waiting: number): Promise<SinglesFigures> {
  const { singles } = stage.plan;
  const durationMs = (singles * 1000) / PER_SECOND;
  const changeIds = await write(stage, { kind: 'rate', perSecond: PER_SECOND, durationMs });
  await whenWaiting(stage, waiting + changeIds.length);
  const found = await findOwnWorkflows(stage, singles);
  const own = found.filter(({ workflowId }) => changeIds.includes(workflowId));
  const lengths: number[] = [];
  for (const { workflowId } of own) lengths.push(await readLength(stage, workflowId));
  return {
    changeIds,
    own: own.length,
    events: own.length === 0 ? null : { least: Math.min(...lengths), most: Math.max(...lengths) },
    eventsOfALook: own[0] ? await look(stage, own[0]) : null,
  };
}

/** Has one workflow look at its delivery, which is what its fallback timer would do. */
async function look(stage: Stage, own: { deliveryId: string; workflowId: string }): Promise<number> {
  const { temporal, signal } = stage;
  const before = await readLength(stage, own.workflowId);
  await temporal.workflow.getHandle(own.workflowId).signal('wakeDelivery', own.deliveryId);
  let [length, since] = [before, nowMs()];
  await waitUntil(
    async () => {
      const now = await readLength(stage, own.workflowId);
      if (now !== length) [length, since] = [now, nowMs()];
      return now > before && nowMs() - since > LOOK_MS;
    },
    { what: 'a look at a sleeping delivery', timeoutMs: 30_000, everyMs: 100, signal },
  );
  return length - before;
}

async function readLength({ temporal }: Stage, workflowId: string): Promise<number> {
  return (await temporal.workflow.getHandle(workflowId).describe()).historyLength;
}

async function write({ url, apiKey, target }: Stage, load: Load): Promise<string[]> {
  const plan = { urls: [url], apiKey, load, targets: [target], salt: 0, timeoutMs: REQUEST_TIMEOUT_MS };
  const samples = await runLoad(plan);
  return samples.flatMap(({ changeIds }) => changeIds);
}

async function whenWaiting(stage: Stage, count: number): Promise<void> {
  await waitUntil(async () => (await readHealth(stage)).waiting >= count, {
    what: `${count} waiting deliveries`,
    timeoutMs: PARK_TIMEOUT_MS,
    everyMs: 200,
    signal: stage.signal,
  });
}
