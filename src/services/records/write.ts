import type { WorkflowLink } from '../../contracts/change.ts';
import type { RecordOperation, ValueKeys } from '../../contracts/record.ts';
import type { RecordDoc } from '../../models/record.ts';
import type { WriteTransaction } from '../changes/commit.ts';
import { commitWrite } from '../changes/commit.ts';
import type { RequestContext } from '../context.ts';
import type { AppliedOperation } from './operations.ts';
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
  const options = { tableId, kind: 'api' as const, changeCount: operations.length, fire };
  return commitWrite(context, options, async (tx) => {
    const current = await readCurrent(context, tx, operations);
    const written: WrittenOperation[] = [];
    const applied: AppliedOperation[] = [];
    for (const [index, operation] of operations.entries()) {
      const result = applyOperation(context, tx, {
        operation,
        current: operation.op === 'create' ? null : (current.get(operation.recordId) ?? null),
        options: { keys, operatorId, path: input.listed ? `operations.${index}.` : '' },
      });
      applied.push(result);
      const change = result.draft ? tx.addChange(result.draft) : { changeId: null, workflow: null };
      written.push({ op: operation.op, record: result.after, ...change });
    }
    await writeApplied(context, tx, applied);
    return convert(written, tx);
  });
}

async function readCurrent(
  { models }: RequestContext,
  { session, table }: WriteTransaction,
  operations: RecordOperation[],
): Promise<Map<string, RecordDoc>> {
  const ids = operations.flatMap((operation) => (operation.op === 'create' ? [] : [operation.recordId]));
  if (ids.length === 0) return new Map();
  const docs = await models.records
    .find({ _id: { $in: ids }, tableId: table._id, deletedAt: null }, null, { session })
    .lean();
  return new Map(docs.map((doc) => [doc._id, doc]));
}

async function writeApplied(
  { models }: RequestContext,
  { session }: WriteTransaction,
  applied: AppliedOperation[],
): Promise<void> {
  const changed = applied.filter(({ draft }) => draft !== null);
  const created = changed.filter(({ before }) => before === null).map(({ after }) => after);
  if (created.length > 0) await models.records.insertMany(created, { session, lean: true });
  const updates = changed.flatMap(({ before, after }) => {
    if (!before) return [];
    const { values, version, updatedAt, deletedAt } = after;
    const filter = { _id: before._id, version: before.version };
    return [{ updateOne: { filter, update: { $set: { values, version, updatedAt, deletedAt } } } }];
  });
  if (updates.length > 0) await models.records.bulkWrite(updates, { session });
}
