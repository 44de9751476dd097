import { nowMs } from '../clock.ts';
import { total, workBetween } from '../measure/mongo-work.ts';
import { sleep } from '../sleep.ts';
import { CALLS, timeIdleCalls } from './answers.ts';
import { hold, passDays } from './hold.ts';
import { parkMany, parkSingly } from './park.ts';
import type { WaitingFigures } from './result.ts';
import { resume } from './resume.ts';
import type { Stage } from './stage.ts';
import { switchParked } from './switch.ts';
import { whenLineEnded } from './workflows.ts';

const IDLE_MS = 3_000;

/** Parks, holds and lets go, one after the other, and counts what each costs. */
export async function measureWaiting(stage: Stage): Promise<WaitingFigures> {
  const { plan, say } = stage;
  const idle = await measureIdle(stage);
  await CALLS.pause(stage);
  say(`parking ${plan.count} in batches`);
  const { changeIds: many, ...parked } = await parkMany(stage);
  say(`all ${many.length} wait after ${parked.waitingSeconds.toFixed(1)} s; parking ${plan.singles} singly`);
  const { changeIds: few, ...singles } = await parkSingly(stage, many.length);
  const changeIds = [...many, ...few];
  say(`holding for ${plan.holdSeconds} s`);
  await whenLineEnded(stage);
  const held = await hold(stage, plan.holdSeconds);
  say(`letting ${plan.days} days pass`);
  const days = await passDays(stage);
  say('switching off, on, and pausing');
  const switched = await switchParked(stage, changeIds.length);
  say('resuming');
  const resumed = await resume(stage, changeIds);
  return { plan, idle, parked, singles, held, days, switched, resumed };
}

async function measureIdle(stage: Stage): Promise<WaitingFigures['idle']> {
  const callsMs = await timeIdleCalls(stage);
  await whenLineEnded(stage);
  const [before, startedAt] = [await stage.mongo.read(), nowMs()];
  await sleep(IDLE_MS, stage.signal);
  const work = workBetween(before, await stage.mongo.read());
  return { callsMs, mongoCommandsPerSecond: (total(work.commands) * 1000) / (nowMs() - startedAt) };
}
