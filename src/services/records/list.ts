import type { Page, PageQuery } from '../../contracts/page.ts';
import type { TableRecord, ValueKeys } from '../../contracts/record.ts';
import { toRecord } from '../../models/record.ts';
import type { RequestContext } from '../context.ts';
import { decodeCursor, toPage } from '../page.ts';
import { findTable } from '../tables/find.ts';

/** The records of a table, oldest first. */
export async function listRecords(
  context: RequestContext,
  { tableId, keys, ...query }: PageQuery & { tableId: string; keys: ValueKeys },
): Promise<Page<TableRecord>> {
  const table = await findTable(context, tableId);
  const after = query.cursor === undefined ? {} : { _id: { $gt: decodeCursor(query.cursor) } };
  const docs = await context.models.records
    .find({ tableId, deletedAt: null, ...after })
    .sort({ _id: 1 })
    .limit(query.limit + 1)
    .lean();
  return toPage(docs, query, (doc) => toRecord(doc, table.fields, keys));
}
