import type { WorkflowLink } from '../../contracts/change.ts';
import type { WriteQuery } from '../../contracts/record.ts';
import type { RequestContext } from '../context.ts';
import { writeRecords } from './write.ts';
import type { UpdateRecordTarget } from './update.ts';

/** Deletes a record: one `record.deleted`. A tombstone keeps its version. */
export async function removeRecord(
  context: RequestContext,
  input: Omit<WriteQuery, 'keys'> & UpdateRecordTarget & { operatorId: string | undefined },
): Promise<{ changeId: string | null; workflow: WorkflowLink | null }> {
  const { tableId, recordId, ifVersion, operatorId, fire } = input;
  const operations = [{ op: 'delete' as const, recordId, ifVersion }];
  const write = { tableId, operations, operatorId, keys: 'name' as const, fire, listed: false };
  return writeRecords(context, write, ([written]) => ({
    changeId: written?.changeId ?? null,
    workflow: written?.workflow ?? null,
  }));
}
