import type { ClientSession } from 'mongoose';
import { NotFoundError } from '../../errors.ts';
import type { TableDoc } from '../../models/table.ts';
import { requireTable } from '../access.ts';
import type { RequestContext } from '../context.ts';

/** The table, or ForbiddenError or NotFoundError. Inside a transaction it pins the schema and the webhook revision. */
export async function findTable(
  { models, actor }: RequestContext,
  tableId: string,
  session: ClientSession | null = null,
): Promise<TableDoc> {
  requireTable(actor, tableId);
  const table = await models.tables.findOne({ _id: tableId }, null, { session }).lean();
  if (!table) throw new NotFoundError('table', tableId);
  return table;
}
