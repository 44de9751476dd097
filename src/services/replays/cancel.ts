import type { Replay } from '../../contracts/replay.ts';
import { ConflictError } from '../../errors.ts';
import { toReplay } from '../../models/replay.ts';
import type { RequestContext } from '../context.ts';
import { findReplay } from './find.ts';

/**
 * Ends a replay: it puts nothing further in line. What it has put there stays, and goes out; cancel those deliveries, or
 * pause the webhook, to keep it from that. Idempotent; ConflictError for one that is completed.
 */
export async function cancelReplay(
  context: RequestContext,
  { replayId }: { replayId: string },
): Promise<Replay> {
  const { models, clock, workflowLink } = context;
  await findReplay(context, replayId);
  await models.replays.updateOne(
    { _id: replayId, state: 'running' },
    { $set: { state: 'cancelled', endedAt: clock() } },
  );
  const replay = await findReplay(context, replayId);
  if (replay.state !== 'cancelled') {
    throw new ConflictError('The replay is completed: everything it selected is in line or sent.');
  }
  return toReplay(replay, workflowLink);
}
