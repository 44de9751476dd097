import type { ChangeSummary } from '../../models/change.ts';
import { CHANGE_SUMMARY } from '../../models/change.ts';
import type { ServiceContext } from '../context.ts';
import type { Workflows } from '../workflows.ts';
import { toStartable } from './startable.ts';

/** The workflow id of a change's n-th run after the first. */
export function toRunId(changeId: string, run: number): string {
  return `${changeId}/${run}`;
}

/** The ids of a run and of those before it: while that one goes on, they may still run for the same deliveries. */
export function runIdsUpTo(workflowId: string): string[] {
  const [changeId = workflowId, run = '0'] = workflowId.split('/');
  const before = Array.from({ length: Number(run) }, (_, index) => index);
  return [workflowId, ...before.map((index) => (index === 0 ? changeId : toRunId(changeId, index)))];
}

/**
 * Runs a change again under the next workflow id, `<changeId>/<n>`, since its own id is spent. False when another
 * process did so first. Claims keep two workflows of one change from sending twice.
 */
export async function rerunChange(
  { models, workflows }: Pick<ServiceContext, 'models'> & { workflows: Workflows },
  change: ChangeSummary,
): Promise<boolean> {
  const run = change.run + 1;
  const workflowId = toRunId(change._id, run);
  const next = await models.changes
    .findOneAndUpdate(
      { _id: change._id, run: change.run },
      { $set: { run, workflowId } },
      { returnDocument: 'after', projection: CHANGE_SUMMARY },
    )
    .lean();
  if (!next) return false;
  await models.deliveries.updateMany({ changeId: change._id, open: true }, { $set: { workflowId } });
  await workflows.start(toStartable(next));
  return true;
}
