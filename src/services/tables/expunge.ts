import type { ExpungeInput, ExpungeResult } from '../../contracts/expunge.ts';
import { NotFoundError } from '../../errors.ts';
import { requireChangeable, requireTable } from '../access.ts';
import { expungeChanges } from '../changes/expunge.ts';
import type { RequestContext } from '../context.ts';

/**
 * Expunges the history of all records of a table, as `expungeRecord` does for one. Of a table that was deleted too, together
 * with records that its deletion may have left.
 */
export async function expungeTable(
  context: RequestContext,
  { tableId, force }: ExpungeInput & { tableId: string },
): Promise<ExpungeResult> {
  const { models, actor } = context;
  requireTable(actor, tableId);
  const isThere = await requireExpungeable(context, tableId);
  if (!isThere && !(await models.changes.exists({ tableId }))) throw new NotFoundError('table', tableId);
  const result = await expungeChanges(context, { scope: { tableId }, force });
  if (!isThere) await models.records.deleteMany({ tableId });
  return result;
}

/** Throws a ConflictError for a table of Tablehook's own. Answers whether the table is there. */
export async function requireExpungeable({ models }: RequestContext, tableId: string): Promise<boolean> {
  const table = await models.tables.findOne({ _id: tableId }).lean();
  if (table) requireChangeable(table);
  return table !== null;
}
