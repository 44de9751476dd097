import { handOverChanges } from '../changes/hand-over.ts';
import { rerunChange } from '../changes/rerun.ts';
import { hasOwnWorkflow } from '../changes/startable.ts';
import type { LookedAfter, ServiceContext } from '../context.ts';
import type { Workflows } from '../workflows.ts';

type LookAfterContext = Pick<ServiceContext, 'models'> & { workflows: Workflows };

/**
 * Tells the workflows of deliveries to take notice: that they may be attempted, or have ended. An open one without a
 * workflow of its own gets one, as does one whose workflow is gone. Idempotent: one telling too many asks once more.
 */
export async function lookAfter(
  context: LookAfterContext,
  deliveries: readonly LookedAfter[],
): Promise<void> {
  const own = deliveries.filter(({ workflowId }) => hasOwnWorkflow(workflowId));
  await Promise.all(own.map(async (delivery) => tellOrRerun(context, delivery)));
  const homeless = deliveries.filter(({ open, workflowId }) => open && !hasOwnWorkflow(workflowId));
  for (const from of new Set(homeless.map(({ workflowId }) => workflowId))) {
    const changeIds = homeless.flatMap((one) => (one.workflowId === from ? [one.changeId] : []));
    await house(context, { changeIds: [...new Set(changeIds)], from });
  }
}

async function tellOrRerun(context: LookAfterContext, delivery: LookedAfter): Promise<void> {
  const { _id, changeId, workflowId, open } = delivery;
  if ((await context.workflows.wakeDelivery(workflowId, _id)) || !open) return;
  const change = await context.models.changes.findOne({ _id: changeId }).lean();
  if (change) await rerunChange(context, change);
}

/** Changes still with the workflow that planned them get the one of their own id; the ids of others are spent. */
async function house(
  context: LookAfterContext,
  { changeIds, from }: { changeIds: string[]; from: string },
): Promise<void> {
  const changes = await context.models.changes.find({ _id: { $in: changeIds } }).lean();
  const planned = changes.filter(({ run, workflowId }) => run === 0 && workflowId === from);
  await handOverChanges(context, { changeIds: planned.map(({ _id }) => _id), from });
  for (const change of changes) if (!planned.includes(change)) await rerunChange(context, change);
}
