import type { FirstAttemptsResult } from '../src/contracts/workflow.ts';
import { NotFoundError } from '../src/errors.ts';
import type { ActivityDeps } from './deps.ts';
import { toFailure } from './failure.ts';
import { makeFirstAttempts } from './first-attempts.ts';
import { workflowIdNow } from './workflow-id-now.ts';

/**
 * Plans a change and makes its first attempts, as a local activity. Idempotent: a repeat answers the stored plan and
 * attempts nothing. What it does not settle is the durable attempts'.
 */
export function createDeliverFirst(deps: ActivityDeps) {
  return async function deliverFirst(changeId: string): Promise<FirstAttemptsResult> {
    try {
      const [made] = await makeFirstAttempts(deps, { changeIds: [changeId], workflowId: workflowIdNow() });
      if (!made) throw new NotFoundError('change', changeId);
      return { plan: made.plan, results: made.results };
    } catch (error) {
      throw toFailure(error);
    }
  };
}
