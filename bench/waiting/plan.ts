import type { Behaviour } from '../sink/behaviour.ts';

/** How much is parked, and for how long. */
export interface WaitingPlan {
  /** Changes written in batches of 1,000. */
  count: number;
  /** Changes written one at a time after that. */
  singles: number;
  holdSeconds: number;
  /** Simulated days of waiting. */
  days: number;
  slowShare: number;
  failShare: number;
}

/** How the endpoint answers once it is called again. */
export function toBehaviour({ slowShare, failShare }: WaitingPlan): Behaviour {
  if (failShare > 0) return { kind: 'fail', percent: Math.round(failShare * 100) };
  return slowShare > 0 ? { kind: 'slow', percent: Math.round(slowShare * 100) } : { kind: 'ok' };
}
