import type { Models } from '../../models/models.ts';

/** At least so long: writes end within 5 s by themselves, and clocks differ by less than the rest. */
export const HOLD_BACK_MS = 15_000;
/** MongoDB ends transactions that outlive their limit when it sweeps, every half of the limit. */
const SWEEP = 1.5;

/** For how long, in ms, a write that was frozen in the middle could still commit. */
export function holdBackMs({ transactionLifetimeMs }: Pick<Models, 'transactionLifetimeMs'>): number {
  return Math.max(HOLD_BACK_MS, SWEEP * transactionLifetimeMs);
}
