import { hasOwnWorkflow } from './startable.ts';
import type { ServiceContext } from '../context.ts';
import type { Workflows } from '../workflows.ts';

export type OutlivedContext = Pick<ServiceContext, 'models' | 'clock'> & {
  workflows: Pick<Workflows, 'runningChanges' | 'wakeDelivery'>;
};

/** Younger workflows are left alone: whoever settles their deliveries is about to tell them. */
const MIN_AGE_MS = 5 * 60_000;
/** Workflows looked up in MongoDB at once. */
const BATCH = 100;

/**
 * Walks the workflows that run, and tells those whose changes have nothing open any more: whoever settled the last delivery
 * died before saying so, or Temporal was restored from before it. Yields after each batch how many were told; one told too
 * many asks once more. Those in `told` are left out: a workflow that cannot even take a signal must not get ever more.
 */
export async function* tellOutlived(
  context: OutlivedContext,
  { minAgeMs = MIN_AGE_MS, told = new Set() }: { minAgeMs?: number; told?: Set<string> } = {},
): AsyncGenerator<number> {
  const before = new Date(context.clock().getTime() - minAgeMs);
  let batch: string[] = [];
  for await (const workflowId of context.workflows.runningChanges(before)) {
    if (hasOwnWorkflow(workflowId) && !told.has(workflowId)) batch.push(workflowId);
    if (batch.length < BATCH) continue;
    yield await tellBatch(context, batch, told);
    batch = [];
  }
  yield await tellBatch(context, batch, told);
}

async function tellBatch(
  { models, workflows }: OutlivedContext,
  workflowIds: readonly string[],
  told: Set<string>,
): Promise<number> {
  const changeIds = workflowIds.map((workflowId) => toChangeId(workflowId));
  const deliveries = await models.deliveries
    .find({ changeId: { $in: changeIds } }, { changeId: 1, open: 1 })
    .lean();
  const before = told.size;
  for (const [index, workflowId] of workflowIds.entries()) {
    const own = deliveries.filter(({ changeId }) => changeId === changeIds[index]);
    // Without any it is still planning, or what it was about has expired.
    if (own.length === 0 || own.some(({ open }) => open)) continue;
    // Before, so that the next walk gets past one that rejects.
    told.add(workflowId);
    for (const { _id } of own) await workflows.wakeDelivery(workflowId, _id);
  }
  return told.size - before;
}

/** The id of a change's first workflow, or of a further run of it. */
function toChangeId(workflowId: string): string {
  return workflowId.split('/', 1)[0] ?? workflowId;
}
