import type { FirstAttemptResult } from '../src/contracts/workflow.ts';
import type { ActivityDeps, AttemptInput } from './deps.ts';
import { toFailure } from './failure.ts';
import { makeAttempt } from './make-attempt.ts';

/**
 * Makes the first attempt of a delivery on the fast path, as a local activity. Idempotent by the delivery's claim. An
 * endpoint this worker finds busy or slow is deferred to the durable queue, so that it never fills the fast path.
 */
export function createAttemptFirst(deps: ActivityDeps) {
  return async function attemptFirst(input: AttemptInput): Promise<FirstAttemptResult> {
    const call = deps.endpointLoad.tryBegin(input.webhookId);
    try {
      if (!call) return { kind: 'deferred' };
      return await makeAttempt(deps, input);
    } catch (error) {
      throw toFailure(error);
    } finally {
      call?.end();
      deps.firstAttempts.attempted(input.changeId);
    }
  };
}
