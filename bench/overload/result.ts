import type { Percentiles } from '../measure/percentiles.ts';
import type { Machine } from '../result.ts';
import type { OverloadSystem } from './arguments.ts';
import type { OverloadCheck } from './checks.ts';
import type { TriedRate } from './find-sustainable.ts';

/** How the service answers and delivers while there is little to do. */
export interface LightFigures {
  answerMs: Percentiles | null;
  arrivalMs: Percentiles | null;
}

/** Where things stood at a moment of the run. */
export interface Moment {
  atSeconds: number;
  accepted: number;
  arrived: number;
  /** By role. */
  rssBytes: Record<string, number>;
}

export interface OverloadFigures {
  minutes: number;
  tried: TriedRate[];
  offeredPerSecond: number;
  before: LightFigures;
  after: LightFigures;
  /** Requests by status; `0` had no answer. */
  answers: Record<string, number>;
  refusedWithoutRetryAfter: number;
  /** Of what was accepted. */
  answerMs: Percentiles | null;
  accepted: number;
  lost: number;
  duplicated: number;
  backlogAtEnd: number;
  /** From the last answer to the last arrival. */
  recoverySeconds: number;
  peakRssBytes: Record<string, number>;
  rssBytesBefore: Record<string, number>;
  /** Once a second, from the first request to the last arrival. */
  timeline: Moment[];
}

/** One system, measured. */
export interface OverloadRun extends OverloadFigures {
  system: OverloadSystem;
  /** Of the machine, before: more than its cores says that others used it. */
  loadAverageBefore: number;
  checks: OverloadCheck[];
}

/** The file a measurement leaves. */
export interface OverloadFile {
  kind: 'overload';
  version: 1;
  startedAt: string;
  finishedAt: string;
  commit: string;
  dirty: boolean;
  machine: Machine;
  runs: OverloadRun[];
}
