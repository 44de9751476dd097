import type { ReplayInput, ReplayStepResult } from '../src/contracts/workflow.ts';
import { stepReplay } from '../src/services/replays/step.ts';
import type { ActivityDeps } from './deps.ts';
import { toFailure } from './failure.ts';

/** Puts the next deliveries of a replay in line. Idempotent: the replay's cursor moves in the transaction that does it. */
export function createReplayStep({ services, workflows, events }: ActivityDeps) {
  return async function replayStep(input: ReplayInput): Promise<ReplayStepResult> {
    try {
      return await stepReplay({ ...services, workflows, events }, input);
    } catch (error) {
      throw toFailure(error);
    }
  };
}
