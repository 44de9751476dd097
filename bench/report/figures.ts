import { total } from '../measure/mongo-work.ts';
import type { Percentiles } from '../measure/percentiles.ts';
import type { RunResult, StreamFigures } from '../result.ts';

/** A figure of one run; null where the run has none. */
export type Figure = (run: RunResult) => number | null;

type Times = 'acceptMs' | 'acceptToFirstMs' | 'acceptToLastMs' | 'requestToFirstMs' | 'requestToLastMs';

/** The stream whose latency the scenario is about. */
export function measured(run: RunResult): StreamFigures | null {
  return run.streams[run.measured] ?? null;
}

/** A percentile of one of the measured stream's times. */
export function time(times: Times, percentile: keyof Percentiles): Figure {
  return (run) => measured(run)?.[times]?.[percentile] ?? null;
}

/** A count or a rate of the measured stream. */
export function rate(name: 'changesPerSecond' | 'drainPerSecond' | 'lost' | 'duplicated'): Figure {
  return (run) => measured(run)?.[name] ?? null;
}

/** Changes accepted over all streams: what costs are divided by. */
export function changesOf(run: RunResult): number {
  return Object.values(run.streams).reduce((sum, { acceptedChanges }) => sum + acceptedChanges, 0);
}

/** CPU-seconds per 1,000 changes of the named parts; without names of all but the generator and the sink. */
export function cpuPer1000(...roles: string[]): Figure {
  return (run) => {
    const counted = Object.entries(run.usage).filter(([role]) =>
      roles.length > 0 ? roles.includes(role) : role !== 'generator' && role !== 'sink',
    );
    if (counted.length === 0) return null;
    return perChange(run, 1000 * counted.reduce((sum, [, { cpuSeconds }]) => sum + cpuSeconds, 0));
  };
}

/** The most memory a part held, in MB. */
export function peakMb(role: string): Figure {
  return (run) => {
    const bytes = run.usage[role]?.peakRssBytes;
    return bytes === undefined ? null : bytes / 1e6;
  };
}

/** Commands to MongoDB per change, less those it gets in the same time without any load. */
export const mongoPerChange: Figure = (run) => {
  const idle = total(run.mongoIdlePerSecond.commands) * run.windowSeconds;
  return perChange(run, Math.max(0, total(run.mongo.commands) - idle));
};

/** The same without the lookup of the API key, which is one a second as long as requests come. */
export const mongoPerChangeWithoutKey: Figure = (run) => {
  const [commands, spanMs] = [mongoPerChange(run), measured(run)?.spanMs ?? null];
  if (commands === null || spanMs === null) return null;
  return commands - (perChange(run, spanMs / 1_000) ?? 0);
};

/** Calls to Temporal's frontend per change: starts, polls, answers. */
export const callsPerChange: Figure = (run) => run.temporalCalls && perChange(run, total(run.temporalCalls));

export const workflowsPerChange: Figure = (run) => perChange(run, run.workflows.started);
export const eventsPerChange: Figure = (run) => perChange(run, run.workflows.events);
export const historyBytesPerChange: Figure = (run) => perChange(run, run.workflows.bytes);

/** How much longer the queue is in the last quarter than in the second; 20 more or less are noise. */
export const backlogGrowth: Figure = (run) => {
  const [, second, , last] = measured(run)?.outstandingByQuarter ?? [];
  return second === undefined || last === undefined ? null : (last + 20) / (second + 20);
};

function perChange(run: RunResult, amount: number): number | null {
  const changes = changesOf(run);
  return changes === 0 ? null : amount / changes;
}
