import type { Sample } from '../load/load-plan.ts';
import type { SinkProcess } from '../processes/start-sink.ts';
import type { Arrival } from '../sink/arrival.ts';
import { sleep } from '../sleep.ts';

export interface AwaitArrivalsInput {
  sink: Pick<SinkProcess, 'counts' | 'arrivals'>;
  samples: readonly Sample[];
  /** By stream. */
  owed: ReadonlyMap<string, number>;
  /** Gives up when nothing more arrived for so long: what is missing then is lost. */
  idleMs: number;
  /** Gives up in any case. */
  maxMs: number;
  signal?: AbortSignal | undefined;
}

const EVERY_MS = 100;

/** Waits until everything accepted has arrived, or for long enough to call the rest lost. Answers every arrival. */
export async function awaitArrivals(input: AwaitArrivalsInput): Promise<Arrival[]> {
  const { sink, samples, owed, idleMs, maxMs, signal } = input;
  const startedAt = performance.now();
  let [recorded, progressAt] = [-1, startedAt];
  let wanted = samples.reduce(
    (sum, sample) => sum + sample.changeIds.length * (owed.get(sample.stream) ?? 0),
    0,
  );
  for (;;) {
    const counts = await sink.counts();
    const now = performance.now();
    if (counts.recorded !== recorded) [recorded, progressAt] = [counts.recorded, now];
    const isOver = now - progressAt > idleMs || now - startedAt > maxMs;
    if (isOver || counts.distinct >= wanted) {
      const arrivals = await sink.arrivals();
      const missing = countMissing(input, arrivals);
      if (isOver || missing === 0) return arrivals;
      // What arrived includes what nobody was told of: so many more must come.
      wanted = counts.distinct + missing;
    }
    await sleep(EVERY_MS, signal);
  }
}

function countMissing({ samples, owed }: AwaitArrivalsInput, arrivals: readonly Arrival[]): number {
  const heard = new Map<string, Set<string>>();
  for (const { changeId, webhook } of arrivals) {
    const webhooks = heard.get(changeId) ?? new Set();
    heard.set(changeId, webhooks.add(webhook));
  }
  let missing = 0;
  for (const { stream, changeIds } of samples) {
    for (const id of changeIds) missing += Math.max(0, (owed.get(stream) ?? 0) - (heard.get(id)?.size ?? 0));
  }
  return missing;
}
