import type { UpdateRecordInput, WriteQuery, WrittenRecord } from '../../contracts/record.ts';
import { toRecord } from '../../models/record.ts';
import type { RequestContext } from '../context.ts';
import { writeRecords } from './write.ts';

export interface UpdateRecordTarget {
  tableId: string;
  recordId: string;
  /** From If-Match: refuse (412) unless the record has this version. */
  ifVersion: number | undefined;
}

/** Merges values into a record: one `record.updated`, or none when nothing differs. */
export async function updateRecord(
  context: RequestContext,
  input: UpdateRecordInput & WriteQuery & UpdateRecordTarget,
): Promise<WrittenRecord> {
  const { tableId, recordId, values, ifVersion, operatorId, keys, fire } = input;
  const operations = [{ op: 'update' as const, recordId, values, ifVersion }];
  const write = { tableId, operations, operatorId, keys, fire, listed: false };
  return writeRecords(context, write, ([written], { table }) => {
    if (!written) throw new Error('an update wrote nothing');
    const { record, changeId, workflow } = written;
    return { ...toRecord(record, table.fields, keys), changeId, workflow };
  });
}
