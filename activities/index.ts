import type { ActivityDeps } from './deps.ts';
import { createAttempt } from './attempt.ts';
import { createAttemptFirst } from './attempt-first.ts';
import { createPlan } from './plan.ts';
import { createWakeBatch } from './wake-batch.ts';

/** Every activity, over its dependencies; workflows see only the type. */
export function createActivities(deps: ActivityDeps) {
  return {
    plan: createPlan(deps),
    attemptFirst: createAttemptFirst(deps),
    attempt: createAttempt(deps),
    wakeBatch: createWakeBatch(deps),
  };
}

export type Activities = ReturnType<typeof createActivities>;
