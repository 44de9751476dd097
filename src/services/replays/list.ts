import type { Page } from '../../contracts/page.ts';
import type { ListReplaysQuery, Replay } from '../../contracts/replay.ts';
import { toReplay } from '../../models/replay.ts';
import type { RequestContext } from '../context.ts';
import { decodeCursor, toPage } from '../page.ts';

/** The replays of all webhooks in the key's reach, or of one, newest first. */
export async function listReplays(
  { models, actor, workflowLink }: RequestContext,
  query: ListReplaysQuery,
): Promise<Page<Replay>> {
  const { webhookId, cursor, limit } = query;
  const docs = await models.replays
    .find({
      ...(webhookId !== undefined && { webhookId }),
      ...(actor.tables && { tableId: { $in: [...actor.tables] } }),
      ...(cursor !== undefined && { _id: { $lt: decodeCursor(cursor) } }),
    })
    .sort({ _id: -1 })
    .limit(limit + 1)
    .lean();
  return toPage(docs, query, (doc) => toReplay(doc, workflowLink));
}
