import type { RecordOperation, ValueKeys } from '../../contracts/record.ts';
import { diffRecord } from '../../domain/diff-record.ts';
import { mergeValues } from '../../domain/field-values.ts';
import { AppError, NotFoundError } from '../../errors.ts';
import type { RecordDoc } from '../../models/record.ts';
import type { ChangeDraft, WriteTransaction } from '../changes/commit.ts';
import type { RequestContext } from '../context.ts';
import { checkRecordSize, knownValues, parseValues } from './values.ts';

/** The outcome of one operation on one record, before it is written. Without a draft nothing changes. */
export interface AppliedOperation {
  before: RecordDoc | null;
  after: RecordDoc;
  draft: ChangeDraft | null;
}

export interface ApplyOptions {
  keys: ValueKeys;
  operatorId: string | undefined;
  /** Where in the request the operation stands, for error messages: `''` or `operations.3.`. */
  path: string;
}

/** Applies an operation to the state a transaction read. Writes nothing; throws what makes the operation impossible. */
export function applyOperation(
  context: RequestContext,
  tx: WriteTransaction,
  {
    operation,
    current,
    options,
  }: { operation: RecordOperation; current: RecordDoc | null; options: ApplyOptions },
): AppliedOperation {
  switch (operation.op) {
    case 'create':
      return applyCreate(context, tx, { values: operation.values, options });
    case 'update':
      return applyUpdate(tx, { operation, current: requireCurrent(operation, current), options });
    case 'delete':
      return applyDelete(tx, requireCurrent(operation, current), options);
  }
}

function applyCreate(
  context: RequestContext,
  { table, now }: WriteTransaction,
  { values, options }: { values: RecordDoc['values']; options: ApplyOptions },
): AppliedOperation {
  const parsed = parseValues(table.fields, values, { keys: options.keys, path: `${options.path}values` });
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
    operatorId: options.operatorId,
  };
  return { before: null, after, draft };
}

interface ApplyUpdateInput {
  operation: Extract<RecordOperation, { op: 'update' }>;
  current: RecordDoc;
  options: ApplyOptions;
}

function applyUpdate(
  { table, now }: WriteTransaction,
  { operation, current, options }: ApplyUpdateInput,
): AppliedOperation {
  const changes = parseValues(table.fields, operation.values, {
    keys: options.keys,
    path: `${options.path}values`,
  });
  const previous = knownValues(table.fields, current.values);
  const values = mergeValues(previous, changes);
  if (diffRecord(table.fields, previous, values).length === 0) {
    return { before: current, after: current, draft: null };
  }
  checkRecordSize(values);
  const after = { ...current, values, version: current.version + 1, updatedAt: now };
  const draft: ChangeDraft = {
    type: 'record.updated',
    recordId: current._id,
    recordVersion: after.version,
    previous,
    record: values,
    operatorId: options.operatorId,
  };
  return { before: current, after, draft };
}

function applyDelete(
  { table, now }: WriteTransaction,
  current: RecordDoc,
  options: ApplyOptions,
): AppliedOperation {
  const after = { ...current, values: {}, version: current.version + 1, updatedAt: now, deletedAt: now };
  const draft: ChangeDraft = {
    type: 'record.deleted',
    recordId: current._id,
    recordVersion: after.version,
    previous: knownValues(table.fields, current.values),
    record: null,
    operatorId: options.operatorId,
  };
  return { before: current, after, draft };
}

function requireCurrent(
  operation: Exclude<RecordOperation, { op: 'create' }>,
  current: RecordDoc | null,
): RecordDoc {
  if (!current) throw new NotFoundError('record', operation.recordId);
  if (operation.ifVersion !== undefined && operation.ifVersion !== current.version) {
    throw new AppError(
      'precondition_failed',
      `The record ${current._id} has version ${current.version}, not ${operation.ifVersion}.`,
    );
  }
  return current;
}
