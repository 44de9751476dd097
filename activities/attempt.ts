import { heartbeat } from '@temporalio/activity';
import type { AttemptActivityResult } from '../src/contracts/workflow.ts';
import type { ActivityDeps, AttemptInput } from './deps.ts';
import { attemptFailed, deliveryFailed, toFailure } from './failure.ts';
import { makeAttempt } from './make-attempt.ts';

/** Short calls never heartbeat; a long one does, so that a dead worker is noticed before its call would have timed out. */
const HEARTBEAT_EVERY_MS = 5_000;

/**
 * Makes one attempt of a delivery that was not delivered at once, as a regular activity. Idempotent by the delivery's
 * claim and state. Fails with the delay until the next attempt; Temporal then runs it again.
 */
export function createAttempt(deps: ActivityDeps) {
  return async function attempt(input: AttemptInput): Promise<AttemptActivityResult> {
    const beat = setInterval(() => heartbeat(), HEARTBEAT_EVERY_MS);
    try {
      const result = await makeAttempt(deps, input);
      if (result.kind === 'retry') throw attemptFailed(result, deps.services.clock());
      if (result.kind === 'settled' && result.state === 'failed') throw deliveryFailed(result);
      return result;
    } catch (error) {
      throw toFailure(error);
    } finally {
      clearInterval(beat);
    }
  };
}
