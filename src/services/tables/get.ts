import type { Table } from '../../contracts/table.ts';
import { toTable } from '../../models/table.ts';
import type { RequestContext } from '../context.ts';
import { findTable } from './find.ts';

/** One table. */
export async function getTable(context: RequestContext, { tableId }: { tableId: string }): Promise<Table> {
  return toTable(await findTable(context, tableId));
}
