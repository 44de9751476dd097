import { ActivityFailure, ApplicationFailure, CancelledFailure, RetryState } from '@temporalio/common';
import { describe, expect, it } from 'vitest';
import { FailureType } from '../../../src/domain/failure-type.ts';
import { deliveriesFailed, settledResultOf } from '../../../workflows/failures.ts';

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

describe('deliveriesFailed', () => {
  const outcome = (number: number, state: 'failed' | 'delivered') => ({
    deliveryId: `dlv_${number}`,
    webhook: `CRM ${number}`,
    state,
    summary: '404 from crm.example (attempt 1)',
  });
  const failureOf = (outcomes: ReturnType<typeof outcome>[]) =>
    deliveriesFailed({ change: 'record.created in Tasks, record rec1, version 1', outcomes });

  it('names webhook and answer, and the call that sends it again', () => {
    expect(failureOf([outcome(1, 'delivered'), outcome(2, 'failed')]).message).toBe(
      '1 of 2 deliveries failed: CRM 2 (404 from crm.example (attempt 1)). To send again: POST /v1/deliveries/dlv_2/redeliver',
    );
  });

  it('names five at most, and no single delivery to send again, of many', () => {
    const { message } = failureOf([1, 2, 3, 4, 5, 6, 7].map((number) => outcome(number, 'failed')));
    expect(message).toMatch(/^7 of 7 deliveries failed: CRM 1 .*CRM 5 \(.*\) and 2 more\. To send again: /);
    expect(message).toMatch(/POST \/v1\/deliveries\/\{deliveryId\}\/redeliver$/);
  });

  it('stays within 1,000 characters and ends with what to do, whatever webhooks are called', () => {
    const long = [1, 2, 3, 4, 5].map((number) => ({
      ...outcome(number, 'failed' as const),
      webhook: 'n'.repeat(100),
      summary: `404 from ${'a'.repeat(250)} (attempt 1)`,
    }));
    const { message } = failureOf(long);
    expect(message.length).toBeLessThanOrEqual(1_000);
    expect(message).toMatch(/….*redeliver$/);
  });

  it('is BENIGN, never retried, without a stack, and carries every outcome', () => {
    const failure = failureOf([outcome(1, 'delivered'), outcome(2, 'failed')]);
    expect(failure).toMatchObject({
      type: 'DeliveriesFailed',
      nonRetryable: true,
      category: 'BENIGN',
      stack: '',
    });
    expect(failure.details).toMatchObject([{ outcomes: [{ state: 'delivered' }, { state: 'failed' }] }]);
  });
});
