import { z } from 'zod';
import { WorkflowLink } from './change.ts';
import { ChangeId, StoredRecordId, TableId } from './id.ts';
import { Instant } from './instant.ts';
import { JsonObject } from './json.ts';
import { OperatorId } from './operator.ts';

/** How values are keyed in requests and answers: by field name, or by field id with `?keys=id`. */
export const ValueKeys = z.enum(['name', 'id']);
export type ValueKeys = z.infer<typeof ValueKeys>;

export const KeysQuery = z.strictObject({
  keys: ValueKeys.default('name').describe('How values are keyed: by field name or by field id.'),
});
export type KeysQuery = z.infer<typeof KeysQuery>;

/** `fire=false` writes silently: the record changes, no webhook hears of it. */
export const WriteQuery = KeysQuery.extend({
  fire: z
    .enum(['true', 'false'])
    .default('true')
    .transform((fire) => fire === 'true')
    .describe('`false` writes silently: the record changes, no webhook hears of it.'),
});
export type WriteQuery = z.infer<typeof WriteQuery>;

export const CreateRecordInput = z.strictObject({
  values: JsonObject.default({}),
  operatorId: OperatorId.optional(),
});
export type CreateRecordInput = z.infer<typeof CreateRecordInput>;

/** Values are merged; null clears one. */
export const UpdateRecordInput = z.strictObject({ values: JsonObject, operatorId: OperatorId.optional() });
export type UpdateRecordInput = z.infer<typeof UpdateRecordInput>;

const Version = z.number().int().min(1);

export const RecordOperation = z.discriminatedUnion('op', [
  z.strictObject({ op: z.literal('create'), values: JsonObject.default({}) }),
  z.strictObject({
    op: z.literal('update'),
    recordId: StoredRecordId,
    values: JsonObject,
    ifVersion: Version.optional(),
  }),
  z.strictObject({ op: z.literal('delete'), recordId: StoredRecordId, ifVersion: Version.optional() }),
]);
export type RecordOperation = z.infer<typeof RecordOperation>;

/** Up to 1,000 operations, all or nothing, at most one per record. */
export const BatchRecordsInput = z
  .strictObject({
    operations: z.array(RecordOperation).min(1).max(1000),
    operatorId: OperatorId.optional(),
  })
  .superRefine(({ operations }, context) => {
    const seen = new Set<string>();
    for (const [index, operation] of operations.entries()) {
      if (operation.op === 'create') continue;
      if (seen.has(operation.recordId)) {
        const message = 'a batch holds at most one operation per record';
        context.addIssue({ code: 'custom', path: ['operations', index, 'recordId'], message });
      }
      seen.add(operation.recordId);
    }
  });
export type BatchRecordsInput = z.infer<typeof BatchRecordsInput>;

/** One row of a table. `version` counts its changes. */
export const TableRecord = z
  .strictObject({
    id: StoredRecordId,
    tableId: TableId,
    version: Version,
    values: JsonObject,
    createdAt: Instant,
    updatedAt: Instant,
  })
  .describe('One row of a table. `version` counts its changes.');
export type TableRecord = z.infer<typeof TableRecord>;

/** Answer of a write; `changeId` is null when nothing changed, `workflow` when no webhook listens. */
export const WrittenRecord = TableRecord.extend({
  changeId: ChangeId.nullable(),
  workflow: WorkflowLink.nullable(),
}).describe(
  'Answer of a write. `changeId` is null when nothing changed, `workflow` when no webhook listens.',
);
export type WrittenRecord = z.infer<typeof WrittenRecord>;

/** One result per operation, in the order given; `record` is null for one that was deleted. */
export const BatchResult = z
  .strictObject({
    results: z.array(
      z.strictObject({
        op: z.enum(['create', 'update', 'delete']),
        record: TableRecord.nullable(),
        changeId: ChangeId.nullable(),
      }),
    ),
  })
  .describe('One result per operation, in the order given. `record` is null for one that was deleted.');
export type BatchResult = z.infer<typeof BatchResult>;
