import type { Percentiles } from '../measure/percentiles.ts';
import type { Machine } from '../result.ts';
import type { OverloadArguments } from './arguments.ts';
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
  args: Pick<OverloadArguments, 'system' | 'minutes'>;
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
  recoverySeconds: number;
  peakRssBytes: Record<string, number>;
  rssBytesBefore: Record<string, number>;
  timeline: Moment[];
}

/** The file a measurement leaves. */
export interface OverloadFile extends OverloadFigures {
  version: 1;
  startedAt: string;
  finishedAt: string;
  commit: string;
  dirty: boolean;
  machine: Machine;
  loadAverageBefore: number;
  checks: { what: string; holds: boolean; detail: string }[];
}
