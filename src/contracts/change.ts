import { z } from 'zod';
import { AnyRecordId, ChangeId, FieldId, ReportedRecordId, TableId } from './id.ts';
import { Instant } from './instant.ts';
import { JsonObject, JsonValue } from './json.ts';
import { OperatorId } from './operator.ts';
import { Cursor } from './page.ts';

export const EventType = z.enum(['record.created', 'record.updated', 'record.deleted']);
export type EventType = z.infer<typeof EventType>;

/** One field that differs; null on either side means it had or has no value. */
export const FieldChange = z
  .strictObject({
    fieldId: FieldId,
    fieldName: z.string(),
    from: JsonValue,
    to: JsonValue,
  })
  .describe('One field that differs; null on either side means that it had or has no value.');
export type FieldChange = z.infer<typeof FieldChange>;

/** Where a change came from, `system` being Tablehook itself; `hops` counts how many Tablehook deliveries led to it. */
export const ChangeSource = z
  .strictObject({
    kind: z.enum(['api', 'ingest', 'system']),
    requestId: z.string(),
    hops: z.number().int().min(0),
  })
  .describe(
    'Where a change came from: this API, a report (`ingest`), or Tablehook itself (`system`). `hops` counts how many deliveries led to it.',
  );
export type ChangeSource = z.infer<typeof ChangeSource>;

/**
 * A Temporal workflow and where to look at it; `url` is null when no UI address is configured. `id` is null while it is
 * open which workflow it will be: `url` then lists those of the record.
 */
export const WorkflowLink = z
  .strictObject({ id: z.string().nullable(), url: z.string().nullable() })
  .describe(
    'A Temporal workflow and where to look at it. `url` is null without an address of the Temporal UI; `id` while it is open which workflow it will be: `url` then lists those of the record.',
  );
export type WorkflowLink = z.infer<typeof WorkflowLink>;

export const ChangeState = z.enum(['pending', 'started', 'planned']);
export type ChangeState = z.infer<typeof ChangeState>;

/** One record change. `previous` is null on create, `record` on delete; `timestamp` is when it happened. */
export const Change = z
  .strictObject({
    id: ChangeId,
    tableId: TableId,
    recordId: AnyRecordId,
    recordVersion: z.number().int().min(1),
    type: EventType,
    state: ChangeState,
    timestamp: Instant,
    operatorId: z.string(),
    source: ChangeSource,
    previous: JsonObject.nullable(),
    record: JsonObject.nullable(),
    changes: z.array(FieldChange),
    expungedAt: Instant.nullable().describe('When its values were expunged; they read as null since.'),
  })
  .describe(
    'One record change. `previous` is null on create, `record` on delete; `timestamp` is when it happened.',
  );
export type Change = z.infer<typeof Change>;

const Reported = {
  changeKey: z.string().min(1).max(200),
  recordId: ReportedRecordId,
  recordVersion: z.number().int().min(1).max(Number.MAX_SAFE_INTEGER).optional(),
  occurredAt: z.iso.datetime({ offset: true }).optional(),
  operatorId: OperatorId.optional(),
};

/** A change of a record kept elsewhere; `changeKey` makes reporting it twice harmless. */
export const ReportedChange = z.discriminatedUnion('type', [
  z.strictObject({ ...Reported, type: z.literal('record.created'), record: JsonObject }),
  z.strictObject({
    ...Reported,
    type: z.literal('record.updated'),
    record: JsonObject,
    previous: JsonObject,
  }),
  z.strictObject({ ...Reported, type: z.literal('record.deleted'), previous: JsonObject }),
]);
export type ReportedChange = z.infer<typeof ReportedChange>;

export const ReportChangesInput = z
  .strictObject({ changes: z.array(ReportedChange).min(1).max(1000) })
  .superRefine(({ changes }, context) => {
    const seen = new Set<string>();
    for (const [index, { changeKey }] of changes.entries()) {
      if (seen.has(changeKey)) {
        const message = 'must not repeat within one report';
        context.addIssue({ code: 'custom', path: ['changes', index, 'changeKey'], message });
      }
      seen.add(changeKey);
    }
  });
export type ReportChangesInput = z.infer<typeof ReportChangesInput>;

/** In the order given. `changeId` is null for a change that changes nothing. */
export const ReportChangesResult = z
  .strictObject({
    results: z.array(
      z.strictObject({ changeKey: z.string(), changeId: ChangeId.nullable(), duplicate: z.boolean() }),
    ),
  })
  .describe('In the order given. `changeId` is null for a change that changes nothing.');
export type ReportChangesResult = z.infer<typeof ReportChangesResult>;

/** Query of the change log: `after` is the `nextCursor` of the page before. */
export const ChangeLogQuery = z.strictObject({
  after: Cursor.optional(),
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .max(200)
    .default(50)
    .describe('How many changes a page holds at most.'),
  keys: z
    .enum(['name', 'id'])
    .default('name')
    .describe('How values are keyed: by field name or by field id.'),
});
export type ChangeLogQuery = z.infer<typeof ChangeLogQuery>;
