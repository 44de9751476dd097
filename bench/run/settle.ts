import type { MongoWatch, MongoWork } from '../measure/mongo-work.ts';
import { total } from '../measure/mongo-work.ts';
import { sleep } from '../sleep.ts';

export interface SettleInput {
  mongo: MongoWatch;
  idlePerSecond: MongoWork;
  maxMs: number;
  signal: AbortSignal;
}

const EVERY_MS = 500;
/** Commands per second above the idle rate that still count as quiet. */
const TOLERANCE = 10;

/** Waits until the database is as quiet as before the load, so that what follows an arrival is counted; bounded. */
export async function settle({ mongo, idlePerSecond, maxMs, signal }: SettleInput): Promise<void> {
  const deadline = performance.now() + maxMs;
  const quiet = ((total(idlePerSecond.commands) + TOLERANCE) * EVERY_MS) / 1000;
  let before = total((await mongo.read()).commands);
  while (performance.now() < deadline) {
    await sleep(EVERY_MS, signal);
    const after = total((await mongo.read()).commands);
    if (after - before <= quiet) return;
    before = after;
  }
}
