import type { WorkflowLink } from '../../contracts/change.ts';
import type { RecordOperation, ValueKeys } from '../../contracts/record.ts';
import type { RecordDoc } from '../../models/record.ts';
import { commitWrite } from '../changes/commit.ts';
import type { WriteTransaction } from '../changes/write-group.ts';
import type { RequestContext } from '../context.ts';
import { applyOperation } from './operations.ts';

export interface WriteRecordsInput {
  tableId: string;
  operations: RecordOperation[];
  operatorId: string | undefined;
  keys: ValueKeys;
  fire: boolean;
  /** Whether the operations stand in a list, so that errors name their place in it. */
  listed: boolean;
}

/** One operation done: the record as it is now, and its change, if there was one. */
export interface WrittenOperation {
  op: RecordOperation['op'];
  record: RecordDoc;
  changeId: string | null;
  workflow: WorkflowLink | null;
}

/**
 * Writes operations on records of one table, all or nothing, one record change each. A write that loses a race against
 * another is done again on the newer state; `convert` makes the verb's answer, inside the transaction.
 */
export async function writeRecords<T>(
  context: RequestContext,
  input: WriteRecordsInput,
  convert: (written: WrittenOperation[], tx: WriteTransaction) => T,
): Promise<T> {
  const { tableId, operations, operatorId, keys, fire } = input;
  return commitWrite({
    context,
    tableId,
    kind: 'api',
    changeCount: operations.length,
    fire,
    recordIds: operations.flatMap((operation) => (operation.op === 'create' ? [] : [operation.recordId])),
    apply: (tx) => {
      const written = operations.map((operation, index) => {
        const path = input.listed ? `operations.${index}.` : '';
        const { after, draft } = applyOperation(context, tx, { operation, keys, operatorId, path });
        if (!draft) return { op: operation.op, record: after, changeId: null, workflow: null };
        tx.putRecord(after);
        return { op: operation.op, record: after, ...tx.addChange(draft) };
      });
      return convert(written, tx);
    },
  });
}
