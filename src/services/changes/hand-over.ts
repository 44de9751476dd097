import type { ChangeSummary } from '../../models/change.ts';
import { CHANGE_SUMMARY } from '../../models/change.ts';
import type { ServiceContext } from '../context.ts';
import type { Workflows } from '../workflows.ts';
import { toStartable } from './startable.ts';

/** Starts at a time: more only make each other slower. */
const AT_ONCE = 2;

/**
 * Gives each change a workflow of its own, under its own id, in place of the shared one it was planned by. Idempotent: a
 * start under an id that is taken is no start, and a change that was run again since is left alone.
 */
export async function handOverChanges(
  { models, workflows }: Pick<ServiceContext, 'models'> & { workflows: Workflows },
  { changeIds, from }: { changeIds: readonly string[]; from: string },
): Promise<void> {
  const changes = await models.changes
    .find({ _id: { $in: [...changeIds] }, run: 0 }, CHANGE_SUMMARY)
    .sort({ _id: 1 })
    .lean();
  if (changes.length === 0) return;
  await moveToOwn({ models }, changes, from);
  for (let index = 0; index < changes.length; index += AT_ONCE) {
    const next = changes.slice(index, index + AT_ONCE);
    await Promise.all(
      next.map((change) => workflows.start(toStartable({ ...change, workflowId: change._id }))),
    );
  }
}

/** Says that changes are looked after by workflows under their own ids: before those are started, so that none is missed. */
export async function moveToOwn(
  { models }: Pick<ServiceContext, 'models'>,
  changes: readonly ChangeSummary[],
  from: string,
): Promise<void> {
  const moved = changes.map(({ _id }) => ({
    updateMany: { filter: { changeId: _id, workflowId: from }, update: { $set: { workflowId: _id } } },
  }));
  await models.deliveries.bulkWrite(moved, { ordered: false });
  await models.changes.bulkWrite(
    changes.map(({ _id }) => ({
      updateOne: { filter: { _id, workflowId: from }, update: { $set: { workflowId: _id } } },
    })),
    { ordered: false },
  );
}
