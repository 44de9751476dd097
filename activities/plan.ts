import type { PlanResult } from '../src/contracts/workflow.ts';
import { planChange } from '../src/services/deliveries/plan.ts';
import type { ActivityDeps } from './deps.ts';
import { toFailure } from './failure.ts';

/** Plans a change. Idempotent by the change's state: a repeat answers the stored plan. */
export function createPlan({ services, firstAttempts }: ActivityDeps) {
  return async function plan(changeId: string): Promise<PlanResult> {
    try {
      const result = await planChange(services, changeId);
      firstAttempts.planned(changeId, result.deliveries.length);
      return result;
    } catch (error) {
      throw toFailure(error);
    }
  };
}
