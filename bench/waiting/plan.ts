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
  /** What makes them wait: the webhook is paused by hand, or its endpoint refuses connections. */
  heldBy: 'paused' | 'down';
  /** Down: changes written over 12 s before the others, which follow once the circuit is open; 0: all meet a failing endpoint. */
  lead: number;
  /** Simulated hours from one look of the worker to the next, until the webhook has paused itself; then it is a day. */
  stepHours: number;
  /** How long the worker is given to look after each of these. */
  stepSeconds: number;
  /** Probes that are made in a simulated day; in life it is 288, one every 5 minutes. */
  probesADay: number;
  /** How an endpoint that answers again is noticed: by a probe made at once, by a resume by hand, or when it is due. */
  backBy: 'probe' | 'resume' | 'itself';
  slowShare: number;
  failShare: number;
}

/** How the endpoint answers once it is called again. */
export function toBehaviour({ slowShare, failShare }: WaitingPlan): Behaviour {
  if (failShare > 0) return { kind: 'fail', percent: Math.round(failShare * 100) };
  return slowShare > 0 ? { kind: 'slow', percent: Math.round(slowShare * 100) } : { kind: 'ok' };
}
