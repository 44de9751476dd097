import { nowMs } from '../clock.ts';
import { total, workBetween } from '../measure/mongo-work.ts';
import { sleep } from '../sleep.ts';
import { CALLS, timeIdleCalls } from './answers.ts';
import { whenOpened } from './fail.ts';
import { hold, passDays } from './hold.ts';
import { parkMany, parkSingly } from './park.ts';
import { passWeek } from './pass-week.ts';
import type { WaitingFigures } from './result.ts';
import { resume } from './resume.ts';
import type { Stage } from './stage.ts';
import { switchParked } from './switch.ts';
import { whenLineEnded } from './workflows.ts';
import { writeSingly } from './write.ts';

const IDLE_MS = 2_000;
/** A circuit opens with a failure that comes 10 s after the first. */
const LEAD_SECONDS = 12;

/** Parks, holds and lets go, one after the other, and counts what each costs. */
export async function measureWaiting(stage: Stage): Promise<WaitingFigures> {
  return stage.plan.heldBy === 'paused' ? measurePaused(stage) : measureDown(stage);
}

async function measurePaused(stage: Stage): Promise<WaitingFigures> {
  const { plan, say } = stage;
  const idle = await measureIdle(stage);
  await CALLS.pause(stage);
  const { changeIds, ...parked } = await park(stage, []);
  say(`holding for ${plan.holdSeconds} s`);
  await whenLineEnded(stage);
  const held = await hold(stage, plan.holdSeconds);
  say(`letting ${plan.days} days pass`);
  const days = await passDays(stage);
  say('switching off, on, and pausing');
  const switched = await switchParked(stage, changeIds.length);
  say('resuming');
  const resumed = await resume(stage, changeIds);
  return { plan, idle, ...parked, held, days, down: null, switched, resumed };
}

/** Nobody pauses the webhook, switches it, or, unless asked to, resumes it. */
async function measureDown(stage: Stage): Promise<WaitingFigures> {
  const { plan, say } = stage;
  const idle = await measureIdle(stage);
  say('shutting the endpoint');
  await stage.sink.shut();
  const opened = whenOpened(stage);
  // Only looked at later: it must not end the process before.
  opened.catch(() => undefined);
  const lead = await writeSingly(stage, { count: plan.lead, perSecond: plan.lead / LEAD_SECONDS, salt: 1 });
  if (plan.lead > 0) await opened;
  const { changeIds, ...parked } = await park(stage, lead);
  say(`holding for ${plan.holdSeconds} s`);
  const held = await hold(stage, plan.holdSeconds);
  say(`letting ${plan.days} days pass`);
  const { days, week } = await passWeek(stage, changeIds.length);
  say('opening the endpoint');
  const resumed = await resume(stage, changeIds);
  return {
    ...{ plan, idle, ...parked, held, days, switched: [], resumed },
    down: { opening: await opened, ...week },
  };
}

async function park(
  stage: Stage,
  lead: readonly string[],
): Promise<Pick<WaitingFigures, 'parked' | 'singles'> & { changeIds: string[] }> {
  const { plan, say } = stage;
  say(`parking ${plan.count} in batches`);
  const { changeIds: many, ...parked } = await parkMany(stage, lead.length);
  say(`all ${many.length} wait after ${parked.waitingSeconds.toFixed(1)} s; parking ${plan.singles} singly`);
  const { changeIds: few, ...singles } = await parkSingly(stage, lead.length + many.length);
  return { changeIds: [...lead, ...many, ...few], parked, singles };
}

async function measureIdle(stage: Stage): Promise<WaitingFigures['idle']> {
  const callsMs = await timeIdleCalls(stage);
  await whenLineEnded(stage);
  const [before, startedAt] = [await stage.mongo.read(), nowMs()];
  await sleep(IDLE_MS, stage.signal);
  const work = workBetween(before, await stage.mongo.read());
  return { callsMs, mongoCommandsPerSecond: (total(work.commands) * 1000) / (nowMs() - startedAt) };
}
