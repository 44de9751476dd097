import type { BatchRecordsInput, BatchResult, WriteQuery } from '../../contracts/record.ts';
import { toRecord } from '../../models/record.ts';
import type { RequestContext } from '../context.ts';
import { writeRecords } from './write.ts';

/** Up to 1,000 creates, updates and deletes in one transaction: all or nothing, one change per record that differs. */
export async function batchRecords(
  context: RequestContext,
  input: BatchRecordsInput & WriteQuery & { tableId: string },
): Promise<BatchResult> {
  const { tableId, operations, operatorId, keys, fire } = input;
  const write = { tableId, operations, operatorId, keys, fire, listed: true };
  return writeRecords(context, write, (written, { table }) => ({
    results: written.map(({ op, record, changeId }) => ({
      op,
      record: op === 'delete' ? null : toRecord(record, table.fields, keys),
      changeId,
    })),
  }));
}
