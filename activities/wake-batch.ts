import type { WakeStepResult, WakeInput } from '../src/contracts/workflow.ts';
import { wakeBatch as wakeNext } from '../src/services/webhooks/wake-batch.ts';
import type { ActivityDeps } from './deps.ts';
import { toFailure } from './failure.ts';

/** Wakes the next held deliveries of a webhook. Idempotent: one wake-up too many asks admission once more. */
export function createWakeBatch({ services, workflows }: ActivityDeps) {
  return async function wakeBatch(input: WakeInput): Promise<WakeStepResult> {
    try {
      return await wakeNext({ models: services.models, workflows }, input);
    } catch (error) {
      throw toFailure(error);
    }
  };
}
