import { z } from 'zod';
import type { Delivery } from './delivery.ts';
import { ReportedRecordId } from './id.ts';
import type { JsonValue } from './json.ts';
import { JsonObject } from './json.ts';
import { OperatorId } from './operator.ts';

export const EventType = z.enum(['record.created', 'record.updated', 'record.deleted']);
export type EventType = z.infer<typeof EventType>;

/** One field that differs; null on either side means it had or has no value. */
export interface FieldChange {
  fieldId: string;
  fieldName: string;
  from: JsonValue;
  to: JsonValue;
}

/** Where a change came from, `system` being Tablehook itself; `hops` counts how many Tablehook deliveries led to it. */
export interface ChangeSource {
  kind: 'api' | 'ingest' | 'system';
  requestId: string;
  hops: number;
}

/**
 * A Temporal workflow and where to look at it; `url` is null when no UI address is configured. `id` is null while it is
 * open which workflow it will be: `url` then lists those of the record.
 */
export interface WorkflowLink {
  id: string | null;
  url: string | null;
}

export const ChangeState = z.enum(['pending', 'started', 'planned']);
export type ChangeState = z.infer<typeof ChangeState>;

export interface Change {
  id: string;
  tableId: string;
  recordId: string;
  recordVersion: number;
  type: EventType;
  state: ChangeState;
  timestamp: string;
  operatorId: string;
  source: ChangeSource;
  previous: JsonObject | null;
  record: JsonObject | null;
  changes: FieldChange[];
  /** When its values were expunged; they read as null since. */
  expungedAt: string | null;
}

/** "Did the CRM get record X": a change with its deliveries. */
export interface ChangeWithDeliveries extends Change {
  workflow: WorkflowLink | null;
  deliveries: Delivery[];
}

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

export interface ReportChangesResult {
  results: { changeKey: string; changeId: string | null; duplicate: boolean }[];
}

/** Query of the change log: `after` is the `nextCursor` of the page before. */
export const ChangeLogQuery = z.strictObject({
  after: z.string().min(1).max(300).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  keys: z.enum(['name', 'id']).default('name'),
});
export type ChangeLogQuery = z.infer<typeof ChangeLogQuery>;
