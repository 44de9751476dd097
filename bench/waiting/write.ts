import type { Load } from '../load/load-plan.ts';
import { runLoad } from '../load/run-load.ts';
import type { Stage } from './stage.ts';

const BATCH = 1_000;
const REQUEST_TIMEOUT_MS = 60_000;

/** Writes changes in batches of 1,000, as fast as they are accepted. Answers their ids. */
export async function writeBatches(stage: Stage, count: number): Promise<string[]> {
  const size = Math.min(BATCH, count);
  const requests = size === 0 ? 0 : Math.ceil(count / size);
  return write(stage, { kind: 'batch', requests, size, connections: 2 }, 0);
}

/** Writes changes one at a time, under a salt of their own: values that a record has already are no change. Answers their ids. */
export async function writeSingly(
  stage: Stage,
  { count, perSecond, salt }: { count: number; perSecond: number; salt: number },
): Promise<string[]> {
  if (count === 0) return [];
  // In whole milliseconds and a little more, lest the last one be rounded off.
  return write(
    stage,
    { kind: 'rate', perSecond, durationMs: Math.ceil((count * 1000) / perSecond) + 1 },
    salt,
  );
}

async function write({ url, apiKey, target }: Stage, load: Load, salt: number): Promise<string[]> {
  const plan = { urls: [url], apiKey, load, targets: [target], salt, timeoutMs: REQUEST_TIMEOUT_MS };
  const samples = await runLoad(plan);
  return samples.flatMap(({ changeIds }) => changeIds);
}
