import { randomUUID } from 'node:crypto';
import type { ChangeDoc } from '../../models/change.ts';
import { CHANGE_SUMMARY } from '../../models/change.ts';
import type { ServiceContext } from '../context.ts';
import type { Workflows } from '../workflows.ts';
import { CLAIM_MS } from './commit.ts';
import { rerunChange } from './rerun.ts';
import { workflowIdOf } from './startable.ts';

type RelayContext = Pick<ServiceContext, 'models' | 'clock'>;

const UNPLANNED = { state: { $in: ['pending' as const, 'started' as const] } };

/** Takes the oldest unplanned changes nobody has in hand, at most `limit`, oldest first. No two relays ever share one. */
export async function claimUnplanned(context: RelayContext, limit: number): Promise<ChangeDoc[]> {
  const { models, clock } = context;
  const now = clock();
  const found = await findUnclaimed(context, { limit, now });
  if (found.length === 0) return [];
  const ids = { $in: found };
  const claimedBy = randomUUID();
  const { modifiedCount } = await models.changes.updateMany(
    { _id: ids, ...UNPLANNED, $or: [{ claimedUntil: null }, { claimedUntil: { $lte: now } }] },
    { $set: { claimedUntil: new Date(now.getTime() + CLAIM_MS), claimedBy } },
  );
  if (modifiedCount === 0) return [];
  return models.changes.find({ _id: ids, claimedBy }).sort({ _id: 1 }).lean();
}

/** Ids of changes whose claim has ended, then of those without one: two ranges of one index, nothing claimed is read. */
async function findUnclaimed(
  { models }: RelayContext,
  { limit, now }: { limit: number; now: Date },
): Promise<string[]> {
  const find = async (claimedUntil: null | { $gt: Date; $lte: Date }, count: number) =>
    models.changes
      .find({ ...UNPLANNED, claimedUntil }, { _id: 1 })
      .sort({ claimedUntil: 1, _id: 1 })
      .limit(count)
      .lean();
  const ended = await find({ $gt: new Date(0), $lte: now }, limit);
  const free = ended.length < limit ? await find(null, limit - ended.length) : [];
  return [...ended, ...free].map(({ _id }) => _id);
}

/** Lets go of changes whose start failed, so that a relay takes them up at once. */
export async function releaseChanges({ models }: RelayContext, changeIds: readonly string[]): Promise<void> {
  await models.changes.updateMany(
    { _id: { $in: [...changeIds] }, state: 'pending' },
    { $set: { claimedUntil: null } },
  );
}

/** Whether any change waits for a relay. */
export async function hasUnplanned(context: RelayContext): Promise<boolean> {
  return (await findUnclaimed(context, { limit: 1, now: context.clock() })).length > 0;
}

/**
 * Settles what an id that Temporal already knew means: a workflow still running will plan the change itself; one that
 * ended without planning it (terminated by hand) is run again under the next id.
 */
export async function followUpStarted(
  context: RelayContext & { workflows: Workflows },
  changeId: string,
): Promise<void> {
  const { models, workflows, clock } = context;
  const unplanned = { _id: changeId, state: { $ne: 'planned' } } as const;
  const change = await models.changes.findOne(unplanned, CHANGE_SUMMARY).lean();
  if (!change) return;
  if (!(await workflows.isRunning(workflowIdOf(change)))) {
    // It may have ended just now, with its work done.
    if (await models.changes.exists(unplanned)) await rerunChange(context, change);
    return;
  }
  await models.changes.updateOne(unplanned, {
    $set: { state: 'started', claimedUntil: new Date(clock().getTime() + CLAIM_MS) },
  });
}
