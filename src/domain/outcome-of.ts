import type { SettledResult } from '../contracts/workflow.ts';

/** How a change ended whose deliveries ended so: what somebody must know of first, a failure, then a cancellation. */
export function outcomeOf(settled: readonly Pick<SettledResult, 'state'>[]): SettledResult['state'] {
  const states = new Set(settled.map(({ state }) => state));
  if (states.has('failed')) return 'failed';
  return states.has('cancelled') ? 'cancelled' : 'delivered';
}
