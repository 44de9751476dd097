import { ApplicationFailure } from '@temporalio/activity';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { attemptFailed, deliveryFailed, toFailure } from '../../../activities/failure.ts';
import { ConflictError, NotFoundError, UnavailableError } from '../../../src/errors.ts';

const NOW = new Date('2026-01-31T09:30:00.000Z');
const retryAt = (nextAttemptAt: string, summary = '503 from crm.example (attempt 2)') =>
  attemptFailed({ kind: 'retry', attemptCount: 2, nextAttemptAt, summary }, NOW);

describe('attemptFailed', () => {
  it('asks Temporal for the next run when the attempt is due', () => {
    const failure = retryAt('2026-01-31T09:30:05.000Z');
    expect(failure).toMatchObject({
      type: 'AttemptFailed',
      nextRetryDelay: 5_000,
      nonRetryable: false,
      category: 'BENIGN',
      message: '503 from crm.example (attempt 2); next attempt at 2026-01-31T09:30:05.000Z',
    });
  });

  it('never asks for less than 1 ms, which would end the activity', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1e9, max: 1e9 }), (ms) => {
        const { nextRetryDelay } = retryAt(new Date(NOW.getTime() + ms).toISOString());
        expect(nextRetryDelay).toBe(Math.max(1, ms));
      }),
    );
  });

  it('keeps its text within 1,000 characters', () => {
    expect(retryAt(NOW.toISOString(), 'x'.repeat(5_000)).message).toHaveLength(1_000);
  });
});

describe('deliveryFailed', () => {
  it('ends the activity for good, as an expected failure that carries how the delivery ended', () => {
    const result = {
      kind: 'settled',
      state: 'failed',
      attemptCount: 1,
      lastStatus: 404,
      summary: 'permanent-status: 404 from crm.example (attempt 1)',
    } as const;
    expect(deliveryFailed(result)).toMatchObject({
      type: 'DeliveryFailed',
      nonRetryable: true,
      category: 'BENIGN',
      message: result.summary,
      details: [result],
    });
    expect(deliveryFailed({ ...result, summary: 'x'.repeat(5_000) }).message).toHaveLength(1_000);
  });
});

describe('toFailure', () => {
  it('makes an error of ours a failure of its code, retried unless the thing does not exist', () => {
    const cause = new UnavailableError('down');
    expect(toFailure(cause)).toMatchObject({
      type: 'unavailable',
      message: 'down',
      nonRetryable: false,
      cause,
    });
    expect(toFailure(new ConflictError('busy'))).toMatchObject({ type: 'conflict', nonRetryable: false });
    expect(toFailure(new NotFoundError('change', 'chg_1'))).toMatchObject({
      type: 'not_found',
      nonRetryable: true,
    });
  });

  it('leaves every other error, and failures that are ready, as they are', () => {
    const unexpected = new TypeError('oops');
    expect(toFailure(unexpected)).toBe(unexpected);
    const ready = ApplicationFailure.create({ message: 'x' });
    expect(toFailure(ready)).toBe(ready);
  });
});
