import type { ChangeSummary } from '../../models/change.ts';
import { CHANGE_SUMMARY } from '../../models/change.ts';
import { rerunChange, runIdsUpTo } from '../changes/rerun.ts';
import { ownWorkflowIdOf, startOwn } from '../changes/start-own.ts';
import { hasOwnWorkflow, isShared } from '../changes/startable.ts';
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
    await house(
      context,
      homeless.filter(({ workflowId }) => workflowId === from),
      from,
    );
  }
}

async function tellOrRerun(context: LookAfterContext, delivery: LookedAfter): Promise<void> {
  const { _id, changeId, workflowId, open } = delivery;
  const runs = runIdsUpTo(workflowId);
  const [told] = await Promise.all(runs.map(async (run) => context.workflows.wakeDelivery(run, _id)));
  if (told || !open) return;
  const change = await context.models.changes.findOne({ _id: changeId }, CHANGE_SUMMARY).lean();
  if (change) await tellOwn(context, change, _id);
}

/** The workflow may not have been started yet, or be another by now; only one whose id is spent is followed by the next. */
async function tellOwn(context: LookAfterContext, change: ChangeSummary, deliveryId: string): Promise<void> {
  if (await startOwn(context, change)) return;
  if (await context.workflows.wakeDelivery(ownWorkflowIdOf(change), deliveryId)) return;
  await rerunChange(context, change);
}

/**
 * Changes without a workflow of their own get it; one that runs already, unknown to the delivery, is told. What a
 * replay put in line gets a further run: its change's workflow was done with it.
 */
async function house(
  context: LookAfterContext,
  deliveries: readonly LookedAfter[],
  from: string,
): Promise<void> {
  const changeIds = [...new Set(deliveries.map(({ changeId }) => changeId))];
  const changes = await context.models.changes.find({ _id: { $in: changeIds } }, CHANGE_SUMMARY).lean();
  for (const change of changes) {
    if (await isPutInLine(context, change, from)) await rerunChange(context, change);
    else {
      const own = deliveries.filter(({ changeId }) => changeId === change._id);
      for (const { _id } of own) await tellOwn(context, change, _id);
    }
  }
}

/** Whether a delivery of the change is a replay's still: the first of them to leave its line takes the others with it. */
async function isPutInLine(
  { models }: LookAfterContext,
  { _id: changeId }: ChangeSummary,
  from: string,
): Promise<boolean> {
  if (isShared(from)) return false;
  return (await models.deliveries.exists({ changeId, open: true, workflowId: from })) !== null;
}
