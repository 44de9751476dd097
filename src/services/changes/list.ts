import type { Change, ChangeLogQuery } from '../../contracts/change.ts';
import type { Page } from '../../contracts/page.ts';
import { toChange } from '../../models/change.ts';
import type { RequestContext } from '../context.ts';
import { lowestIdAt } from '../id.ts';
import { decodeCursor, encodeCursor, readPage } from '../page.ts';
import { holdBackMs } from './hold-back.ts';
import { findTable } from '../tables/find.ts';

/**
 * The change log of a table, oldest first: the pull side. `nextCursor` continues behind the last change shown, also when
 * there is nothing newer yet; it is null only when nothing was ever shown. Changes are held back for as long as a write
 * that was frozen in the middle could still commit, so that no cursor passes one.
 */
export async function listChanges(
  context: RequestContext,
  { tableId, after, limit, keys }: ChangeLogQuery & { tableId: string },
): Promise<Page<Change>> {
  await findTable(context, tableId);
  const heldBack = context.clock().getTime() - holdBackMs(context.models);
  const settledBefore = lowestIdAt('chg', new Date(heldBack));
  const behind = after === undefined ? {} : { $gt: decodeCursor(after, 'after') };
  const found = context.models.changes
    .find({ tableId, _id: { $lt: settledBefore, ...behind } })
    .sort({ _id: 1 })
    .limit(limit)
    .lean();
  const { docs } = await readPage(found, { limit });
  const last = docs.at(-1);
  return {
    data: docs.map((doc) => toChange(doc, keys)),
    nextCursor: last ? encodeCursor(last._id) : (after ?? null),
  };
}
