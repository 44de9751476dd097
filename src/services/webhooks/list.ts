import type { Page, PageQuery } from '../../contracts/page.ts';
import type { Webhook } from '../../contracts/webhook.ts';
import type { RequestContext } from '../context.ts';
import { decodeCursor, toPage } from '../page.ts';
import { findTable } from '../tables/find.ts';
import { showWebhook } from './get.ts';

/** The webhooks of a table, oldest first. */
export async function listWebhooks(
  context: RequestContext,
  { tableId, ...query }: PageQuery & { tableId: string },
): Promise<Page<Webhook>> {
  await findTable(context, tableId);
  const after = query.cursor === undefined ? {} : { _id: { $gt: decodeCursor(query.cursor) } };
  const docs = await context.models.webhooks
    .find({ tableId, ...after })
    .sort({ _id: 1 })
    .limit(query.limit + 1)
    .lean();
  return toPage(docs, query, (doc) => showWebhook(context, doc));
}
