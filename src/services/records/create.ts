import type { CreateRecordInput, WriteQuery, WrittenRecord } from '../../contracts/record.ts';
import { toRecord } from '../../models/record.ts';
import type { RequestContext } from '../context.ts';
import { writeRecords } from './write.ts';

/** Creates a record: one `record.created`. */
export async function createRecord(
  context: RequestContext,
  input: CreateRecordInput & WriteQuery & { tableId: string },
): Promise<WrittenRecord> {
  const { tableId, values, operatorId, keys, fire } = input;
  const operations = [{ op: 'create' as const, values }];
  const write = { tableId, operations, operatorId, keys, fire, listed: false };
  return writeRecords(context, write, ([written], { table }) => {
    if (!written) throw new Error('a create wrote nothing');
    const { record, changeId, workflow } = written;
    return { ...toRecord(record, table.fields, keys), changeId, workflow };
  });
}
