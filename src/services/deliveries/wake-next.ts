import { handOverChanges } from '../changes/hand-over.ts';
import { rerunChange } from '../changes/rerun.ts';
import { isShared } from '../changes/startable.ts';
import type { ServiceContext } from '../context.ts';
import type { Workflows } from '../workflows.ts';

type WakeContext = Pick<ServiceContext, 'models'> & { workflows: Workflows };

/**
 * Wakes the oldest deliveries that wait for a turn at their webhook's endpoint, at most `limit` and none of `except`, and
 * answers which. One that was planned in a shared workflow gets its own now, as does one whose workflow is gone.
 */
export async function wakeNext(
  context: WakeContext,
  webhookId: string,
  { limit, except }: { limit: number; except: readonly string[] },
): Promise<string[]> {
  const next = await context.models.deliveries
    .find(
      { webhookId, state: 'waiting', waitReason: 'endpoint-busy', _id: { $nin: [...except] } },
      { changeId: 1, workflowId: 1 },
    )
    .sort({ _id: 1 })
    .limit(limit)
    .lean();
  const planners = new Set(next.map(({ workflowId }) => workflowId).filter((id) => isShared(id)));
  for (const from of planners) {
    const changeIds = next.filter(({ workflowId }) => workflowId === from).map(({ changeId }) => changeId);
    await handOverChanges(context, { changeIds, from });
  }
  const asleep = next.filter(({ workflowId }) => !planners.has(workflowId));
  await Promise.all(asleep.map(async (delivery) => wakeOrRerun(context, delivery)));
  return next.map(({ _id }) => _id);
}

async function wakeOrRerun(
  context: WakeContext,
  { _id, changeId, workflowId }: { _id: string; changeId: string; workflowId: string },
): Promise<void> {
  if (await context.workflows.wakeDelivery(workflowId, _id)) return;
  const change = await context.models.changes.findOne({ _id: changeId }).lean();
  if (change) await rerunChange(context, change);
}
