import type { RecordOperation, ValueKeys } from '../../contracts/record.ts';
import { diffRecord } from '../../domain/diff-record.ts';
import { mergeValues } from '../../domain/field-values.ts';
import { AppError, NotFoundError } from '../../errors.ts';
import type { RecordDoc } from '../../models/record.ts';
import type { ChangeDraft } from '../changes/change-doc.ts';
import type { WriteTransaction } from '../changes/write-group.ts';
import type { RequestContext } from '../context.ts';
import { checkRecordSize, knownValues, parseValues } from './values.ts';

/** The outcome of one operation on one record, before it is written. Without a draft nothing changes. */
export interface AppliedOperation {
  after: RecordDoc;
  draft: ChangeDraft | null;
}

export interface ApplyOperationInput<Operation = RecordOperation> {
  operation: Operation;
  keys: ValueKeys;
  operatorId: string | undefined;
  /** Where in the request the operation stands, for error messages: `''` or `operations.3.`. */
  path: string;
}

/** Applies an operation to the state a transaction read. Writes nothing; throws what makes the operation impossible. */
export function applyOperation(
  context: RequestContext,
  tx: WriteTransaction,
  input: ApplyOperationInput,
): AppliedOperation {
  const { operation } = input;
  switch (operation.op) {
    case 'create':
      return applyCreate(context, tx, { ...input, operation });
    case 'update':
      return applyUpdate(tx, { ...input, operation });
    case 'delete':
      return applyDelete(tx, { ...input, operation });
  }
}

type InputOf<Op extends RecordOperation['op']> = ApplyOperationInput<Extract<RecordOperation, { op: Op }>>;

function applyCreate(
  context: RequestContext,
  { table, now }: WriteTransaction,
  { operation, keys, operatorId, path }: InputOf<'create'>,
): AppliedOperation {
  const parsed = parseValues(table.fields, operation.values, { keys, path: `${path}values` });
  const after: RecordDoc = {
    _id: context.newId('rec'),
    tableId: table._id,
    version: 1,
    values: mergeValues({}, parsed),
    createdAt: now,
    updatedAt: now,
    deletedAt: null,
  };
  checkRecordSize(after.values);
  const draft: ChangeDraft = {
    type: 'record.created',
    recordId: after._id,
    recordVersion: 1,
    previous: null,
    record: after.values,
    operatorId,
  };
  return { after, draft };
}

function applyUpdate(
  tx: WriteTransaction,
  { operation, keys, operatorId, path }: InputOf<'update'>,
): AppliedOperation {
  const { table, now } = tx;
  const current = requireCurrent(tx, operation);
  const changes = parseValues(table.fields, operation.values, { keys, path: `${path}values` });
  const previous = knownValues(table.fields, current.values);
  const values = mergeValues(previous, changes);
  if (diffRecord(table.fields, previous, values).length === 0) {
    return { after: current, draft: null };
  }
  checkRecordSize(values);
  const after = { ...current, values, version: current.version + 1, updatedAt: now };
  const draft: ChangeDraft = {
    type: 'record.updated',
    recordId: current._id,
    recordVersion: after.version,
    previous,
    record: values,
    operatorId,
  };
  return { after, draft };
}

function applyDelete(tx: WriteTransaction, { operation, operatorId }: InputOf<'delete'>): AppliedOperation {
  const { table, now } = tx;
  const current = requireCurrent(tx, operation);
  const after = { ...current, values: {}, version: current.version + 1, updatedAt: now, deletedAt: now };
  const draft: ChangeDraft = {
    type: 'record.deleted',
    recordId: current._id,
    recordVersion: after.version,
    previous: knownValues(table.fields, current.values),
    record: null,
    operatorId,
  };
  return { after, draft };
}

function requireCurrent(
  tx: WriteTransaction,
  operation: Exclude<RecordOperation, { op: 'create' }>,
): RecordDoc {
  const current = tx.current(operation.recordId);
  if (!current) throw new NotFoundError('record', operation.recordId);
  if (operation.ifVersion !== undefined && operation.ifVersion !== current.version) {
    throw new AppError(
      'precondition_failed',
      `The record ${current._id} has version ${current.version}, not ${operation.ifVersion}.`,
    );
  }
  return current;
}
