import type { TableRecord, ValueKeys } from '../../contracts/record.ts';
import { NotFoundError } from '../../errors.ts';
import { toRecord } from '../../models/record.ts';
import type { RequestContext } from '../context.ts';
import { findTable } from '../tables/find.ts';

/** One record. */
export async function getRecord(
  context: RequestContext,
  { tableId, recordId, keys }: { tableId: string; recordId: string; keys: ValueKeys },
): Promise<TableRecord> {
  const table = await findTable(context, tableId);
  const doc = await context.models.records.findOne({ _id: recordId, tableId, deletedAt: null }).lean();
  if (!doc) throw new NotFoundError('record', recordId);
  return toRecord(doc, table.fields, keys);
}
