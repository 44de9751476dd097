import { nowMs } from '../clock.ts';
import { readUsage } from '../processes/usage.ts';
import type { UsageByRole } from '../processes/watch-usage.ts';
import { watchUsage } from '../processes/watch-usage.ts';
import { waitUntil } from '../sleep.ts';
import { readHealth } from './answers.ts';
import { findOwnWorkflows } from './deliveries.ts';
import { whenHeld, whenOpened } from './fail.ts';
import type { Stage } from './stage.ts';
import type { CollectionSize } from './storage.ts';
import { readStorage } from './storage.ts';
import type { WorkflowFootprint } from './workflows.ts';
import { readFootprint, readLengths, whenSharedEnded } from './workflows.ts';
import { writeBatches, writeSingly } from './write.ts';

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

const PER_SECOND = 2;
const PARK_TIMEOUT_MS = 1_800_000;
const LOOK_MS = 2_000;

/** Writes changes in batches, as fast as they are accepted, until all wait, as do those that did before. */
export async function parkMany(stage: Stage, waiting: number): Promise<ParkedFigures> {
  const { plan, tablehookPid, roles } = stage;
  const before = await readStorage(stage);
  const rssBefore = (await readUsage(tablehookPid))?.rssBytes ?? 0;
  const usage = await watchUsage(roles);
  const startedAt = nowMs();
  const changeIds = await writeBatches(stage, plan.count);
  const acceptedSeconds = (nowMs() - startedAt) / 1000;
  await whenWaiting(stage, waiting + changeIds.length);
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
  const changeIds = await writeSingly(stage, { count: singles, perSecond: PER_SECOND, salt: 0 });
  await whenWaiting(stage, waiting + changeIds.length);
  const found = await findOwnWorkflows(stage, singles);
  const own = found.filter(({ workflowId }) => changeIds.includes(workflowId));
  const lengths = await readLengths(
    stage,
    own.map(({ workflowId }) => workflowId),
  );
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
  const [before = 0] = await readLengths(stage, [own.workflowId]);
  await temporal.workflow.getHandle(own.workflowId).signal('wakeDelivery', own.deliveryId);
  let [length, since] = [before, nowMs()];
  await waitUntil(
    async () => {
      const [now = 0] = await readLengths(stage, [own.workflowId]);
      if (now !== length) [length, since] = [now, nowMs()];
      return now > before && nowMs() - since > LOOK_MS;
    },
    { what: 'a look at a sleeping delivery', timeoutMs: 30_000, everyMs: 100, signal },
  );
  return length - before;
}

/** Behind an endpoint that is down, some are tried a few times before all wait. */
async function whenWaiting(stage: Stage, count: number): Promise<void> {
  const isDown = stage.plan.heldBy === 'down';
  await waitUntil(
    async () => {
      const { open, waiting } = await readHealth(stage);
      return (isDown ? open : waiting) >= count;
    },
    {
      what: `${count} waiting deliveries`,
      timeoutMs: PARK_TIMEOUT_MS,
      everyMs: 200,
      signal: stage.signal,
    },
  );
  if (!isDown) return;
  await whenOpened(stage);
  await whenHeld(stage, count);
}
