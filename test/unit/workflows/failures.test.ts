import { ActivityFailure, ApplicationFailure, CancelledFailure, RetryState } from '@temporalio/common';
import { describe, expect, it } from 'vitest';
import { FailureType } from '../../../src/domain/failure-type.ts';
import { settledResultOf } from '../../../workflows/failures.ts';

const settled = { kind: 'settled', state: 'failed', attemptCount: 1, lastStatus: 404, summary: '404' };
const failedWith = (cause: Error) =>
  new ActivityFailure(
    'Activity task failed',
    'attempt',
    '1',
    RetryState.NON_RETRYABLE_FAILURE,
    'worker',
    cause,
  );

describe('settledResultOf', () => {
  it('answers how the delivery ended when the activity failed by saying so', () => {
    const cause = ApplicationFailure.create({ type: FailureType.deliveryFailed, details: [settled] });
    expect(settledResultOf(failedWith(cause))).toEqual(settled);
  });

  it('answers null for a failure of another type, though it carries details', () => {
    const cause = ApplicationFailure.create({ type: 'not_found', details: [settled] });
    expect(settledResultOf(failedWith(cause))).toBeNull();
  });

  it('answers null when the details are missing', () => {
    const cause = ApplicationFailure.create({ type: FailureType.deliveryFailed });
    expect(settledResultOf(failedWith(cause))).toBeNull();
  });

  it.each([
    ['a cancelled activity', failedWith(new CancelledFailure('cancelled'))],
    [
      'an application failure that no activity carries',
      ApplicationFailure.create({ type: FailureType.deliveryFailed, details: [settled] }),
    ],
    ['any other error', new Error('404')],
    ['what is no error', 'DeliveryFailed'],
  ])('answers null for %s', (_what, error) => {
    expect(settledResultOf(error)).toBeNull();
  });
});
