import type { ChangeDoc } from '../../models/change.ts';
import type { ServiceContext } from '../context.ts';
import type { Workflows } from '../workflows.ts';
import { CLAIM_MS } from './commit.ts';
import { workflowIdOf } from './workflow-id.ts';
import { rerunChange } from './rerun.ts';

type RelayContext = Pick<ServiceContext, 'models' | 'clock'>;

/** Takes the oldest unplanned change nobody has in hand, or null. One conditional update, so two relays never share one. */
export async function claimUnplanned({ models, clock }: RelayContext): Promise<ChangeDoc | null> {
  const now = clock();
  return models.changes
    .findOneAndUpdate(
      {
        state: { $in: ['pending', 'started'] },
        $or: [{ claimedUntil: null }, { claimedUntil: { $lte: now } }],
      },
      { $set: { claimedUntil: new Date(now.getTime() + CLAIM_MS) } },
      { sort: { _id: 1 }, returnDocument: 'after' },
    )
    .lean();
}

/** Lets go of a change whose start failed, so that a relay takes it up at once. */
export async function releaseClaim({ models }: RelayContext, changeId: string): Promise<void> {
  await models.changes.updateOne({ _id: changeId, state: 'pending' }, { $set: { claimedUntil: null } });
}

/** Whether any change waits for a relay. */
export async function hasUnplanned({ models, clock }: RelayContext): Promise<boolean> {
  const found = await models.changes.exists({
    state: { $in: ['pending', 'started'] },
    $or: [{ claimedUntil: null }, { claimedUntil: { $lte: clock() } }],
  });
  return found !== null;
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
