import type { Random } from './random.ts';
import type { Stage, StageKind } from './stage/stage.ts';

/** Ends a fault: what was killed is started, what was cut is joined. Resolves when an operator would call it mended. */
export type Heal = () => Promise<void>;

/** One thing that goes wrong under load. */
export interface Fault {
  /** As in `--only`. */
  name: string;
  /** What happens, for the report. */
  sentence: string;
  stage: StageKind;
  /** How long it lasts, in milliseconds: at least and at most. */
  lastsMs: readonly [number, number];
  inject: (stage: Stage, random: Random) => Promise<Heal>;
  /** Why it cannot be had on this machine; null when it can. */
  cannotRun?: () => Promise<string | null>;
}
