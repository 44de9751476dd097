import { nowMs } from '../clock.ts';
import type { Load, LoadTarget, Sample } from '../load/load-plan.ts';
import { summarizeStream } from '../measure/summarize-stream.ts';
import type { Generator } from '../processes/start-generator.ts';
import type { SinkProcess } from '../processes/start-sink.ts';
import type { StreamFigures } from '../result.ts';
import { awaitArrivals } from '../run/await-arrivals.ts';
import type { RunningSystem } from '../systems/system.ts';

/** What a load is offered to, and by what. */
export interface OfferContext {
  system: RunningSystem;
  generator: Generator;
  sink: SinkProcess;
  target: LoadTarget;
  signal: AbortSignal;
}

export interface OfferInput {
  perSecond: number;
  seconds: number;
  /** Makes the values differ from those of other loads. */
  salt: number;
  /** Hears, again and again, how many requests were accepted so far. */
  onProgress?: (accepted: number) => void;
}

export interface Offered {
  samples: Sample[];
  figures: StreamFigures;
  /** When the last request was answered, and when the last delivery arrived. Times are of `nowMs`. */
  endedAt: number;
  settledAt: number;
  /** Accepted and not arrived when the last request was answered. */
  backlog: number;
}

/** So many, four times what a process takes in hand, that what it does not answer at once does reach it. */
const CONNECTIONS = 1_024;
const TIMEOUT_MS = 60_000;
/** Arrivals stop for as long as this only when no more come. */
const IDLE_MS = 60_000;
const MAX_DRAIN_MS = 30 * 60_000;

/** Offers updates at a fixed rate whatever becomes of them, then waits until all that was accepted has arrived. */
export async function offer(context: OfferContext, input: OfferInput): Promise<Offered> {
  const { system, generator, sink, target, signal } = context;
  await sink.reset();
  const load: Load = {
    kind: 'rate',
    perSecond: input.perSecond,
    durationMs: input.seconds * 1000,
    connections: CONNECTIONS,
  };
  const plan = {
    urls: system.urls,
    apiKey: system.apiKey,
    load,
    targets: [target],
    salt: input.salt,
    timeoutMs: TIMEOUT_MS,
  };
  const samples = await generator.run(plan, {
    signal,
    ...(input.onProgress && { onProgress: input.onProgress }),
  });
  const endedAt = nowMs();
  const accepted = samples.reduce((sum, { changeIds }) => sum + changeIds.length, 0);
  const backlog = accepted - (await sink.counts()).distinct;
  const owed = new Map([[target.stream, 1]]);
  const arrivals = await awaitArrivals({ sink, samples, owed, idleMs: IDLE_MS, maxMs: MAX_DRAIN_MS, signal });
  const settledAt = arrivals.reduce((latest, { at }) => Math.max(latest, at), endedAt);
  const figures = summarizeStream({ load, samples, arrivals, owed: 1 });
  return { samples, figures, endedAt, settledAt, backlog };
}
