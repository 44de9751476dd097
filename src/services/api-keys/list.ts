import type { ApiKey } from '../../contracts/api-key.ts';
import type { Page, PageQuery } from '../../contracts/page.ts';
import { toApiKey } from '../../models/api-key.ts';
import { requireUnbound } from '../access.ts';
import type { RequestContext } from '../context.ts';
import { decodeCursor, toPage } from '../page.ts';

/** All keys, oldest first, without the keys themselves. */
export async function listApiKeys(
  { models, actor }: RequestContext,
  query: PageQuery,
): Promise<Page<ApiKey>> {
  requireUnbound(actor, 'list keys');
  const after = query.cursor === undefined ? {} : { _id: { $gt: decodeCursor(query.cursor) } };
  const docs = await models.apiKeys
    .find(after)
    .sort({ _id: 1 })
    .limit(query.limit + 1)
    .lean();
  return toPage(docs, query, toApiKey);
}
