import { NotFoundError } from '../../errors.ts';
import type { ReplayDoc } from '../../models/replay.ts';
import { requireTable } from '../access.ts';
import type { RequestContext } from '../context.ts';

/** The replay, or NotFoundError, or ForbiddenError when its webhook's table is out of the key's reach. */
export async function findReplay({ models, actor }: RequestContext, replayId: string): Promise<ReplayDoc> {
  const doc = await models.replays.findOne({ _id: replayId }).lean();
  if (!doc) throw new NotFoundError('replay', replayId);
  requireTable(actor, doc.tableId);
  return doc;
}
