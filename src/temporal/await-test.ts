import type { Client, WorkflowHandle } from '@temporalio/client';
import { isGrpcCancelledError, isGrpcDeadlineError, WorkflowFailedError } from '@temporalio/client';
import { TimeoutFailure } from '@temporalio/common';
import { UnavailableError } from '../errors.ts';

export interface AwaitTestInput {
  started: Promise<WorkflowHandle>;
  withinMs: number;
}

/** Resolves when the workflow of a test has completed; throws UnavailableError, saying what to look at, when it does not. */
export async function awaitTest(client: Client, { started, withinMs }: AwaitTestInput): Promise<void> {
  const handle = await started.catch((error: unknown) => {
    throw new UnavailableError('Temporal did not answer, so no worker could be asked for the call.', error);
  });
  try {
    await client.withDeadline(Date.now() + withinMs, async () => handle.result());
  } catch (error) {
    const late = isDeadline(error) || isDeadline(causeOf(error)) || isTimedOut(error);
    const seconds = Math.ceil(withinMs / 1_000);
    const message = late
      ? `No worker made the test call within ${seconds} s. A worker may not be running, or have too much to do.`
      : 'The worker could not make the test call, or not store what came of it.';
    throw new UnavailableError(message, error);
  }
}

/** A deadline that passes on this side is, over a connection of the SDK's core, a cancellation with words of its own. */
function isDeadline(error: unknown): boolean {
  return (
    isGrpcDeadlineError(error) || (isGrpcCancelledError(error) && error.message.includes('Timeout expired'))
  );
}

function isTimedOut(error: unknown): boolean {
  return error instanceof WorkflowFailedError && error.cause instanceof TimeoutFailure;
}

function causeOf(error: unknown): unknown {
  return error instanceof Error ? error.cause : undefined;
}
