import type { Load } from '../load/load-plan.ts';
import { runLoad } from '../load/run-load.ts';
import type { Stage } from './stage.ts';

const BATCH = 1_000;
const REQUEST_TIMEOUT_MS = 60_000;

/** Writes changes in batches of 1,000, as fast as they are accepted. Answers their ids. */
export async function writeBatches(stage: Stage, count: number): Promise<string[]> {
  const size = Math.min(BATCH, count);
  const requests = size === 0 ? 0 : Math.ceil(count / size);
  return write(stage, { kind: 'batch', requests, size, connections: 2 });
}

/** Writes changes one at a time. Answers their ids. */
export async function writeSingly(
  stage: Stage,
  { count, perSecond }: { count: number; perSecond: number },
): Promise<string[]> {
  if (count === 0) return [];
  return write(stage, { kind: 'rate', perSecond, durationMs: (count * 1000) / perSecond });
}

async function write({ url, apiKey, target }: Stage, load: Load): Promise<string[]> {
  const plan = { urls: [url], apiKey, load, targets: [target], salt: 0, timeoutMs: REQUEST_TIMEOUT_MS };
  const samples = await runLoad(plan);
  return samples.flatMap(({ changeIds }) => changeIds);
}
