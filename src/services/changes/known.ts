import type { Models } from '../../models/models.ts';
import type { WriteTransaction } from './write-group.ts';

/** Changes of the table that carry one of these keys, as the transaction sees them: key → change id. */
export async function readKnownChanges(
  models: Models,
  { session, table }: WriteTransaction,
  changeKeys: readonly string[],
): Promise<Map<string, string>> {
  const docs = await models.changes
    .find({ tableId: table._id, changeKey: { $in: [...changeKeys] } }, { changeKey: 1 }, { session })
    .lean();
  return new Map(docs.map(({ _id, changeKey }) => [changeKey ?? '', _id]));
}
