import type { Page, PageQuery } from '../../contracts/page.ts';
import type { TableRecord, ValueKeys } from '../../contracts/record.ts';
import { toRecord } from '../../models/record.ts';
import type { RequestContext } from '../context.ts';
import { decodeCursor, encodeCursor, readPage } from '../page.ts';
import { findTable } from '../tables/find.ts';

/** The records of a table, oldest first. A page of large ones ends before its limit. */
export async function listRecords(
  context: RequestContext,
  { tableId, keys, ...query }: PageQuery & { tableId: string; keys: ValueKeys },
): Promise<Page<TableRecord>> {
  const table = await findTable(context, tableId);
  const after = query.cursor === undefined ? {} : { _id: { $gt: decodeCursor(query.cursor) } };
  const found = context.models.records
    .find({ tableId, deletedAt: null, ...after })
    .sort({ _id: 1 })
    .limit(query.limit + 1)
    .lean();
  const { docs, more } = await readPage(found, query);
  const last = docs.at(-1);
  return {
    data: docs.map((doc) => toRecord(doc, table.fields, keys)),
    nextCursor: more && last ? encodeCursor(last._id) : null,
  };
}
