import type { Machine } from '../result.ts';
import type { CallName } from './answers.ts';
import type { Check } from './check.ts';
import type { OpeningFigures } from './fail.ts';
import type { DaysFigures, HeldFigures } from './hold.ts';
import type { ParkedFigures, SinglesFigures } from './park.ts';
import type { WaitingPlan } from './plan.ts';
import type { WeekFigures } from './pass-week.ts';
import type { ResumedFigures } from './resume.ts';
import type { SwitchFigures } from './switch.ts';

/** What one measurement of waiting came to. */
export interface WaitingFigures {
  plan: WaitingPlan;
  /** While nothing waits: the same calls, and what MongoDB is asked. */
  idle: { callsMs: Record<CallName, number>; mongoCommandsPerSecond: number };
  parked: Omit<ParkedFigures, 'changeIds'>;
  singles: Omit<SinglesFigures, 'changeIds'>;
  held: HeldFigures;
  days: DaysFigures;
  /** Of an endpoint that was down; null where the webhook was paused by hand. */
  down: (WeekFigures & { opening: OpeningFigures }) | null;
  switched: SwitchFigures[];
  resumed: ResumedFigures;
}

/** The file a measurement leaves. */
export interface WaitingFile extends WaitingFigures {
  version: 1;
  startedAt: string;
  finishedAt: string;
  commit: string;
  dirty: boolean;
  machine: Machine;
  /** Of the machine, before and after: more than its cores says that others used it. */
  loadAverage: { before: number; after: number };
  checks: Check[];
}
