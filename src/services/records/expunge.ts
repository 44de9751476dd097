import type { ExpungeInput, ExpungeResult } from '../../contracts/expunge.ts';
import { NotFoundError } from '../../errors.ts';
import { requireTable } from '../access.ts';
import { expungeChanges } from '../changes/expunge.ts';
import type { RequestContext } from '../context.ts';
import { requireExpungeable } from '../tables/expunge.ts';

/**
 * Expunges the history of a record, kept or reported, there or deleted: values of its changes, bodies of its deliveries and
 * the answers to them. The record, if it is there, keeps its values. Works in a table that was deleted as well.
 */
export async function expungeRecord(
  context: RequestContext,
  { tableId, recordId, force }: ExpungeInput & { tableId: string; recordId: string },
): Promise<ExpungeResult> {
  requireTable(context.actor, tableId);
  await requireExpungeable(context, tableId);
  const scope = { tableId, recordId };
  if (!(await context.models.changes.exists(scope))) throw new NotFoundError('record', recordId);
  return expungeChanges(context, { scope, force });
}
