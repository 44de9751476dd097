import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RetryPolicy } from '../../../src/contracts/policies.ts';
import { nextAttemptAt } from '../../../src/domain/retry-schedule.ts';

const NOW = new Date('2026-01-31T09:30:00.000Z');
const later = (ms: number) => new Date(NOW.getTime() + ms);
const ask = (input: Partial<Parameters<typeof nextAttemptAt>[0]> = {}) =>
  nextAttemptAt({
    policy: RetryPolicy.parse({}),
    attemptCount: 1,
    giveUpAt: later(259_200_000),
    now: NOW,
    retryAfterMs: null,
    random: 0.5,
    ...input,
  });

/** Every policy a client may set. */
const policies = fc
  .record(
    {
      initialMs: fc.integer({ min: 1, max: 86_400_000 }),
      factor: fc.double({ min: 1, max: 10, noNaN: true }),
      maxMs: fc.integer({ min: 1, max: 604_800_000 }),
      jitter: fc.double({ min: 0, max: 1, noNaN: true }),
      scheduleMs: fc.array(fc.integer({ min: 1, max: 604_800_000 }), { minLength: 1, maxLength: 50 }),
    },
    { requiredKeys: ['initialMs', 'factor', 'maxMs', 'jitter'] },
  )
  .map((policy) => RetryPolicy.parse(policy));

const inputs = fc.record({
  policy: policies,
  attemptCount: fc.integer({ min: 1, max: 100_000 }),
  giveUpAt: fc.integer({ min: -1_000, max: 2_592_000_000 }).map((ms) => later(ms)),
  retryAfterMs: fc.option(fc.integer({ min: 0, max: 9_999_999_999_000 })),
  random: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
});

describe('nextAttemptAt', () => {
  it('is never sooner than 1 ms from now nor past the horizon, whatever is asked', () => {
    fc.assert(
      fc.property(inputs, (input) => {
        const next = ask(input);
        if (next === null) return;
        expect(next.getTime()).toBeGreaterThanOrEqual(NOW.getTime() + 1);
        expect(next.getTime()).toBeLessThanOrEqual(input.giveUpAt.getTime());
      }),
      { numRuns: 1_000 },
    );
  });

  it('gives up only at the horizon or behind the end of an explicit schedule', () => {
    fc.assert(
      fc.property(inputs, (input) => {
        const { policy, attemptCount, giveUpAt, retryAfterMs } = input;
        const exhausted =
          retryAfterMs === null && policy.scheduleMs !== undefined && attemptCount > policy.scheduleMs.length;
        expect(ask(input) === null).toBe(giveUpAt <= NOW || exhausted);
      }),
      { numRuns: 1_000 },
    );
  });

  it.each([
    [1, 5_000],
    [2, 15_000],
    [3, 45_000],
    [4, 135_000],
    [9, 32_805_000],
    [10, 36_000_000],
    [5_000, 36_000_000],
  ])('by default waits after attempt %i for %i ms', (attemptCount, delayMs) => {
    expect(ask({ attemptCount, giveUpAt: later(1e12) })).toEqual(later(delayMs));
  });

  it.each([
    [0, 4_000],
    [0.25, 4_500],
    [0.75, 5_500],
  ])('spreads the delay by the jitter: at %d of its range %i ms', (random, delayMs) => {
    expect(ask({ random })).toEqual(later(delayMs));
  });

  it('follows an explicit schedule, step by step, and gives up behind its last one', () => {
    const policy = RetryPolicy.parse({ scheduleMs: [10, 20, 30], jitter: 0 });
    const delays = [1, 2, 3, 4].map((attemptCount) => ask({ policy, attemptCount }));
    expect(delays).toEqual([later(10), later(20), later(30), null]);
  });

  it('lets the endpoint say when, without jitter, past the policy and the end of a schedule', () => {
    expect(ask({ retryAfterMs: 60_000, random: 0 })).toEqual(later(60_000));
    const policy = RetryPolicy.parse({ scheduleMs: [10] });
    expect(ask({ policy, attemptCount: 7, retryAfterMs: 60_000 })).toEqual(later(60_000));
  });

  it('takes an endpoint\'s "at once" as a second, or as the delay of the policy when that is shorter', () => {
    expect(ask({ retryAfterMs: 0 })).toEqual(later(1_000));
    expect(ask({ policy: RetryPolicy.parse({ initialMs: 50, jitter: 0 }), retryAfterMs: 0 })).toEqual(
      later(50),
    );
    expect(ask({ retryAfterMs: 1_001 })).toEqual(later(1_001));
  });

  it('is never due sooner than in 1 ms, and puts the last attempt on the horizon', () => {
    expect(ask({ policy: RetryPolicy.parse({ initialMs: 1, jitter: 1 }), random: 0 })).toEqual(later(1));
    expect(ask({ giveUpAt: later(3_000) })).toEqual(later(3_000));
    expect(ask({ giveUpAt: later(1), retryAfterMs: 1e12 })).toEqual(later(1));
    expect(ask({ giveUpAt: NOW })).toBeNull();
  });
});
