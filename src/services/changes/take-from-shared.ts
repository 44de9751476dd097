import type { ChangeDoc } from '../../models/change.ts';
import type { ServiceContext } from '../context.ts';
import { moveToOwn } from './hand-over.ts';
import { ownWorkflowIdOf } from './start-own.ts';
import { isShared, workflowIdOf } from './startable.ts';

/**
 * Has the workflow of a change's own, which runs, look after what a shared one has planned: both were started, as two
 * processes took the change up, or one did twice. Whoever settles the last delivery then tells the one that sleeps.
 * Idempotent; changes of other workflows, and those that no shared one planned, are left alone.
 */
export async function takeFromShared(
  { models }: Pick<ServiceContext, 'models'>,
  { changes, workflowId }: { changes: readonly ChangeDoc[]; workflowId: string },
): Promise<void> {
  for (const change of changes) {
    const from = workflowIdOf(change);
    if (isShared(from) && ownWorkflowIdOf(change) === workflowId) await moveToOwn({ models }, [change], from);
  }
}
