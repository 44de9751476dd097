import { ApplicationFailure } from '@temporalio/activity';
import type { ApplicationFailureOptions } from '@temporalio/common';
import type { RetryResult, SettledResult } from '../src/contracts/workflow.ts';
import { FailureType } from '../src/domain/failure-type.ts';
import { AppError } from '../src/errors.ts';

const MAX_TEXT = 1_000;

/** Ends the activity as failed, with how the delivery ended. Expected; never retried. */
export function deliveryFailed(result: SettledResult): ApplicationFailure {
  return expected({
    type: FailureType.deliveryFailed,
    message: result.summary.slice(0, MAX_TEXT),
    nonRetryable: true,
    details: [result],
  });
}

/** Ends this run of the activity; Temporal runs it again when the next attempt is due. Expected. */
export function attemptFailed(result: RetryResult, now: Date): ApplicationFailure {
  const dueInMs = Date.parse(result.nextAttemptAt) - now.getTime();
  return expected({
    type: FailureType.attemptFailed,
    message: `${result.summary}; next attempt at ${result.nextAttemptAt}`.slice(0, MAX_TEXT),
    // 0 would end the activity.
    nextRetryDelay: Math.max(1, dueInMs),
  });
}

/** BENIGN, and without a stack trace: it would tell nothing of an endpoint's answer, yet fill the UI and the history. */
function expected(options: ApplicationFailureOptions): ApplicationFailure {
  const failure = ApplicationFailure.create({ ...options, category: 'BENIGN' });
  failure.stack = '';
  return failure;
}

/** Translates what a service verb threw. Only what can never succeed is not retried. */
export function toFailure(error: unknown): unknown {
  if (!(error instanceof AppError)) return error;
  return ApplicationFailure.create({
    type: error.code,
    message: error.message.slice(0, MAX_TEXT),
    nonRetryable: error.code === 'not_found',
    cause: error,
  });
}
