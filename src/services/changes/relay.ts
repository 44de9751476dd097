import { randomUUID } from 'node:crypto';
import type { ChangeDoc } from '../../models/change.ts';
import type { ServiceContext } from '../context.ts';
import type { Workflows } from '../workflows.ts';
import { CLAIM_MS } from './commit.ts';
import { rerunChange } from './rerun.ts';
import { workflowIdOf } from './startable.ts';

type RelayContext = Pick<ServiceContext, 'models' | 'clock'>;

/** Changes that no process has in hand. */
function unclaimed(now: Date) {
  return {
    state: { $in: ['pending' as const, 'started' as const] },
    $or: [{ claimedUntil: null }, { claimedUntil: { $lte: now } }],
  };
}

/** Takes the oldest unplanned changes nobody has in hand, at most `limit`, oldest first. No two relays ever share one. */
export async function claimUnplanned({ models, clock }: RelayContext, limit: number): Promise<ChangeDoc[]> {
  const now = clock();
  const oldest = await models.changes.find(unclaimed(now), { _id: 1 }).sort({ _id: 1 }).limit(limit).lean();
  if (oldest.length === 0) return [];
  const ids = { $in: oldest.map(({ _id }) => _id) };
  const claimedBy = randomUUID();
  const { modifiedCount } = await models.changes.updateMany(
    { _id: ids, ...unclaimed(now) },
    { $set: { claimedUntil: new Date(now.getTime() + CLAIM_MS), claimedBy } },
  );
  if (modifiedCount === 0) return [];
  return models.changes.find({ _id: ids, claimedBy }).sort({ _id: 1 }).lean();
}

/** Lets go of changes whose start failed, so that a relay takes them up at once. */
export async function releaseChanges({ models }: RelayContext, changeIds: readonly string[]): Promise<void> {
  await models.changes.updateMany(
    { _id: { $in: [...changeIds] }, state: 'pending' },
    { $set: { claimedUntil: null } },
  );
}

/** Whether any change waits for a relay. */
export async function hasUnplanned({ models, clock }: RelayContext): Promise<boolean> {
  return (await models.changes.exists(unclaimed(clock()))) !== null;
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
  const change = await models.changes.findOne(unplanned).lean();
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
