import { describe, expect, it } from 'vitest';
import type { AttemptDoc } from '../../../../src/models/delivery.ts';
import { withAttempt } from '../../../../src/services/deliveries/attempt-log.ts';

const attempt = (number: number): AttemptDoc => ({
  number,
  startedAt: new Date(number),
  durationMs: 5,
  outcome: 'http-error',
  status: 503,
  errorCode: null,
  errorMessage: null,
  responseHeaders: { server: 'x' },
  responseBody: `body ${number}`,
});

/** The log after as many attempts. */
const logOf = (count: number) => {
  let log: AttemptDoc[] = [];
  for (let number = 1; number <= count; number += 1) log = withAttempt(log, attempt(number));
  return log;
};

describe('withAttempt', () => {
  it('keeps three attempts in full', () => {
    expect(logOf(3)).toEqual([attempt(1), attempt(2), attempt(3)]);
  });

  it('takes headers and body, and nothing else, off those before the last three', () => {
    const bare = { ...attempt(1), responseHeaders: {}, responseBody: null };
    expect(logOf(4)).toEqual([bare, attempt(2), attempt(3), attempt(4)]);
  });

  it('keeps the last fifty', () => {
    const log = logOf(60);
    expect(log.map(({ number }) => number)).toEqual(Array.from({ length: 50 }, (_, index) => index + 11));
    expect(log.filter(({ responseBody }) => responseBody !== null).map(({ number }) => number)).toEqual([
      58, 59, 60,
    ]);
  });

  it('leaves the log it was given as it is', () => {
    const log = logOf(3);
    withAttempt(log, attempt(4));
    expect(log).toEqual(logOf(3));
  });
});
