import type { ChangeDoc, ChangeSummary } from '../../models/change.ts';
import type { ServiceContext } from '../context.ts';
import type { Workflows } from '../workflows.ts';
import { moveToOwn } from './hand-over.ts';
import { toRunId } from './rerun.ts';
import { toStartable, workflowIdOf } from './startable.ts';

/** The id of the workflow of a change's own whose turn it is, started or not: whoever chose it may be about to start it. */
export function ownWorkflowIdOf({ _id, run }: Pick<ChangeDoc, '_id' | 'run'>): string {
  return run === 0 ? _id : toRunId(_id, run);
}

/**
 * Starts the workflow of a planned change's own whose turn it is. False when its id is taken: it runs, or has ended and the
 * id is spent. Only then may the change be run again, lest two workflows look after it, of which one is told of the end.
 */
export async function startOwn(
  { models, workflows }: Pick<ServiceContext, 'models'> & { workflows: Pick<Workflows, 'start'> },
  change: ChangeSummary,
): Promise<boolean> {
  const from = workflowIdOf(change);
  const workflowId = ownWorkflowIdOf(change);
  if (from !== workflowId) await moveToOwn({ models }, [change], from);
  return (await workflows.start(toStartable({ ...change, workflowId }))).started;
}
