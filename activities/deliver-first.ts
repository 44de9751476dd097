import type { FirstAttemptResult, FirstAttemptsResult } from '../src/contracts/workflow.ts';
import { outcomeOf } from '../src/domain/outcome-of.ts';
import { NotFoundError } from '../src/errors.ts';
import type { ActivityDeps } from './deps.ts';
import { toFailure } from './failure.ts';
import { makeFirstAttempts } from './first-attempts.ts';
import { workflowNow } from './workflow-now.ts';

/**
 * Plans a change and makes its first attempts, as a local activity. Idempotent: a repeat answers the stored plan and
 * attempts nothing. What it does not settle is the durable attempts'.
 */
export function createDeliverFirst(deps: ActivityDeps) {
  return async function deliverFirst(changeId: string): Promise<FirstAttemptsResult> {
    try {
      const [made] = await makeFirstAttempts(deps, { changeIds: [changeId], ...workflowNow() });
      if (!made) throw new NotFoundError('change', changeId);
      const settledAs = badEnd(made.results);
      return { plan: made.plan, results: made.results, ...(settledAs && { settledAs }) };
    } catch (error) {
      throw toFailure(error);
    }
  };
}

/** How a change ended that was settled at once; null while something is open, and where all was delivered. */
function badEnd(results: FirstAttemptResult[]): FirstAttemptsResult['settledAs'] | null {
  const settled = results.filter((result) => result.kind === 'settled');
  const outcome = settled.length === results.length ? outcomeOf(settled) : 'delivered';
  return outcome === 'delivered' ? null : outcome;
}
