import type { ActivityDeps } from './deps.ts';
import { createAttempt } from './attempt.ts';
import { createDeliverFirst } from './deliver-first.ts';
import { createDeliverShared } from './deliver-shared.ts';
import { createHandOver } from './hand-over.ts';
import { createReplayStep } from './replay-step.ts';
import { createWakeBatch } from './wake-batch.ts';

/** Every activity, over its dependencies; workflows see only the type. */
export function createActivities(deps: ActivityDeps) {
  return {
    deliverFirst: createDeliverFirst(deps),
    deliverShared: createDeliverShared(deps),
    handOver: createHandOver(deps),
    attempt: createAttempt(deps),
    wakeBatch: createWakeBatch(deps),
    replayStep: createReplayStep(deps),
  };
}

export type Activities = ReturnType<typeof createActivities>;
