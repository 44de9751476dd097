import type { Standings } from './deliveries.ts';
import type { WaitingPlan } from './plan.ts';

/** Something that has to hold, however much waits and however fast the machine is. */
export interface Check {
  what: string;
  holds: boolean;
  detail: string;
}

/** Writes a check down. */
export function check(what: string, holds: boolean, detail: string): Check {
  return { what, holds, detail };
}

/** How many deliveries were to wait. */
export function owed({ lead, count, singles }: WaitingPlan): number {
  return lead + count + singles;
}

/** How many of the deliveries wait, for whatever reason. */
export function countWaiting({ counts }: Standings): number {
  const waiting = Object.entries(counts).filter(([name]) => name.startsWith('waiting'));
  return waiting.reduce((sum, [, count]) => sum + count, 0);
}
