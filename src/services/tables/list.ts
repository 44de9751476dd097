import type { Page, PageQuery } from '../../contracts/page.ts';
import type { Table } from '../../contracts/table.ts';
import { toTable } from '../../models/table.ts';
import type { RequestContext } from '../context.ts';
import { decodeCursor, toPage } from '../page.ts';

/** The tables this key reaches, oldest first. */
export async function listTables({ models, actor }: RequestContext, query: PageQuery): Promise<Page<Table>> {
  const after = query.cursor === undefined ? null : decodeCursor(query.cursor);
  const docs = await models.tables
    .find({
      $and: [actor.tables ? { _id: { $in: [...actor.tables] } } : {}, after ? { _id: { $gt: after } } : {}],
    })
    .sort({ _id: 1 })
    .limit(query.limit + 1)
    .lean();
  return toPage(docs, query, toTable);
}
