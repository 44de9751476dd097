import { handOverChanges } from '../changes/hand-over.ts';
import { rerunChange } from '../changes/rerun.ts';
import { isShared } from '../changes/startable.ts';
import type { ServiceContext } from '../context.ts';
import type { Workflows } from '../workflows.ts';

/**
 * Wakes the oldest deliveries that wait for a turn at their webhook's endpoint, at most `limit` and none of `except`, and
 * answers which. One that was planned in a shared workflow gets its own now, as does one whose workflow is gone.
 */
export async function wakeNext(
  { models, workflows }: Pick<ServiceContext, 'models'> & { workflows: Workflows },
  webhookId: string,
  { limit, except }: { limit: number; except: readonly string[] },
): Promise<string[]> {
  const next = await models.deliveries
    .find(
      { webhookId, state: 'waiting', waitReason: 'endpoint-busy', _id: { $nin: [...except] } },
      { changeId: 1, workflowId: 1 },
    )
    .sort({ _id: 1 })
    .limit(limit)
    .lean();
  for (const { _id, changeId, workflowId } of next) {
    if (isShared(workflowId))
      await handOverChanges({ models, workflows }, { changeIds: [changeId], from: workflowId });
    else if (!(await workflows.wakeDelivery(workflowId, _id))) await rerun({ models, workflows }, changeId);
  }
  return next.map(({ _id }) => _id);
}

async function rerun(
  context: Pick<ServiceContext, 'models'> & { workflows: Workflows },
  changeId: string,
): Promise<void> {
  const change = await context.models.changes.findOne({ _id: changeId }).lean();
  if (change) await rerunChange(context, change);
}
