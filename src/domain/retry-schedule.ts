import type { RetryPolicy } from '../contracts/webhook.ts';

export interface NextAttemptInput {
  policy: RetryPolicy;
  /** Attempts made so far, 1 or more. */
  attemptCount: number;
  /** When the delivery is given up, horizon and held time counted in. */
  giveUpAt: Date;
  now: Date;
  /** Asked for by the endpoint (Retry-After), or null. */
  retryAfterMs: number | null;
  /** In [0, 1): where in the jitter's range the delay falls. */
  random: number;
}

/**
 * When the next attempt is due, or null when the delivery is given up. Never sooner than 1 ms from now, never past
 * the horizon: the last attempt falls on it.
 */
export function nextAttemptAt(input: NextAttemptInput): Date | null {
  const { giveUpAt, now } = input;
  if (now >= giveUpAt) return null;
  const delayMs = input.retryAfterMs ?? scheduledDelayMs(input);
  if (delayMs === null) return null;
  const dueMs = now.getTime() + Math.max(1, Math.round(delayMs));
  return new Date(Math.min(dueMs, giveUpAt.getTime()));
}

function scheduledDelayMs({ policy, attemptCount, random }: NextAttemptInput): number | null {
  if (policy.scheduleMs) {
    const delay = policy.scheduleMs[attemptCount - 1];
    return delay === undefined ? null : spread(delay, policy.jitter, random);
  }
  const delay = Math.min(policy.maxMs, policy.initialMs * policy.factor ** (attemptCount - 1));
  return spread(delay, policy.jitter, random);
}

function spread(delayMs: number, jitter: number, random: number): number {
  return delayMs * (1 + jitter * (2 * random - 1));
}
