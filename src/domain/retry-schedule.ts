import type { RetryPolicy } from '../contracts/policies.ts';

/** How soon an endpoint that says "at once" is called again, unless the policy's own delay is shorter. */
const AT_ONCE_MS = 1_000;

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
  const delayMs = delayOf(input);
  if (delayMs === null) return null;
  const dueMs = now.getTime() + Math.max(1, Math.round(delayMs));
  return new Date(Math.min(dueMs, giveUpAt.getTime()));
}

/** What the endpoint asks for goes before the schedule; "at once" is a second, lest it be called in a tight loop. */
function delayOf(input: NextAttemptInput): number | null {
  const scheduledMs = scheduledDelayMs(input);
  if (input.retryAfterMs === null) return scheduledMs;
  return Math.max(input.retryAfterMs, Math.min(scheduledMs ?? AT_ONCE_MS, AT_ONCE_MS));
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
