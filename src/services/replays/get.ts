import type { Replay } from '../../contracts/replay.ts';
import { toReplay } from '../../models/replay.ts';
import type { RequestContext } from '../context.ts';
import { findReplay } from './find.ts';

/** One replay with its progress. */
export async function getReplay(
  context: RequestContext,
  { replayId }: { replayId: string },
): Promise<Replay> {
  return toReplay(await findReplay(context, replayId), context.workflowLink);
}
