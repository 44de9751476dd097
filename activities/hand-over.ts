import { handOverChanges } from '../src/services/changes/hand-over.ts';
import type { ActivityDeps } from './deps.ts';
import { toFailure } from './failure.ts';
import { workflowNow } from './workflow-now.ts';

/** Gives changes of a shared workflow workflows of their own, as a local activity. Idempotent by their workflow ids. */
export function createHandOver({ services, workflows }: ActivityDeps) {
  return async function handOver(changeIds: string[]): Promise<void> {
    const { workflowId: from } = workflowNow();
    try {
      await handOverChanges({ models: services.models, workflows }, { changeIds, from });
    } catch (error) {
      throw toFailure(error);
    }
  };
}
