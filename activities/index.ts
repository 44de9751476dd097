import type { ActivityDeps } from './deps.ts';
import { createAttempt } from './attempt.ts';
import { createDeliverFirst } from './deliver-first.ts';
import { createDeliverShared } from './deliver-shared.ts';
import { createHandOver } from './hand-over.ts';
import { createWakeStep } from './wake-step.ts';
import { createReplayStep } from './replay-step.ts';
import { createTestCall } from './test-call.ts';

/** Every activity, over its dependencies; workflows see only the type. */
export function createActivities(deps: ActivityDeps) {
  return {
    deliverFirst: createDeliverFirst(deps),
    deliverShared: createDeliverShared(deps),
    handOver: createHandOver(deps),
    attempt: createAttempt(deps),
    wakeStep: createWakeStep(deps),
    replayStep: createReplayStep(deps),
    testCall: createTestCall(deps),
  };
}

export type Activities = ReturnType<typeof createActivities>;
