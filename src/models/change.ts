import type { Change, ChangeSource, ChangeState, EventType, FieldChange } from '../contracts/change.ts';
import type { JsonObject } from '../contracts/json.ts';
import type { ValueKeys } from '../contracts/record.ts';
import { keyValues } from '../domain/field-values.ts';
import type { RenderableChange } from '../domain/render-body.ts';
import { defineCollection } from './collection.ts';

/**
 * One record change, complete in itself. `previous` and `record` hold values by field id; `fieldNames` the names those
 * fields had, `titleField` the table's first text field (absent in changes of an earlier version). `at` is when it happened, `createdAt` when it was accepted. `hasWorkflow` is false for a change nobody was
 * to hear of, `silent` true for one written with `fire=false`. `workflowId` is the workflow that looks after it; null while none was chosen. `claimedBy` is the relay's mark
 * on what it takes. `ordered`: its table has a webhook that keeps the order of a record's changes. `run` counts the workflows started for it after the first.
 * `plannedUpTo` is the last webhook a change was planned for that is planned in parts. `backfilledAt` is when a backfill last made a delivery of it. `expungedAt` is when its values were expunged: absent while it has them.
 */
export interface ChangeDoc {
  _id: string;
  tableId: string;
  tableName: string;
  schemaVersion: number;
  webhookRevision: number;
  recordId: string;
  recordVersion: number;
  changeKey?: string;
  type: EventType;
  at: Date;
  createdAt: Date;
  operatorId: string;
  source: ChangeSource;
  /** The API key it was made with; null for Tablehook's own. */
  apiKeyId: string | null;
  silent: boolean;
  fieldNames: Record<string, string>;
  titleField?: string | null;
  previous: JsonObject | null;
  record: JsonObject | null;
  changes: FieldChange[];
  state: ChangeState;
  claimedUntil: Date | null;
  claimedBy: string | null;
  hasWorkflow: boolean;
  workflowId: string | null;
  run: number;
  ordered: boolean;
  plannedUpTo?: string;
  backfilledAt?: Date | null;
  expungedAt?: Date | null;
}

/** All of a change but its record before and after, which may be large. */
export const CHANGE_SUMMARY = { previous: 0, record: 0 } as const;
export type ChangeSummary = Omit<ChangeDoc, keyof typeof CHANGE_SUMMARY>;

export const ChangeCollection = defineCollection<ChangeDoc>('changes', {
  _id: { type: String, required: true },
  tableId: { type: String, required: true },
  tableName: { type: String, required: true },
  schemaVersion: { type: Number, required: true },
  webhookRevision: { type: Number, required: true },
  recordId: { type: String, required: true },
  recordVersion: { type: Number, required: true },
  changeKey: { type: String },
  type: { type: String, required: true },
  at: { type: Date, required: true },
  createdAt: { type: Date, required: true },
  operatorId: { type: String, required: true },
  source: { type: Object, required: true },
  apiKeyId: { type: String, default: null },
  silent: { type: Boolean, required: true },
  fieldNames: { type: Object, required: true },
  titleField: { type: String },
  previous: { type: Object, default: null },
  record: { type: Object, default: null },
  changes: { type: [Object], required: true },
  state: { type: String, required: true },
  claimedUntil: { type: Date, default: null },
  claimedBy: { type: String, default: null },
  hasWorkflow: { type: Boolean, required: true },
  workflowId: { type: String, default: null },
  run: { type: Number, required: true },
  ordered: { type: Boolean, required: true },
  plannedUpTo: { type: String },
  backfilledAt: { type: Date },
  expungedAt: { type: Date },
});
ChangeCollection.schema.index({ tableId: 1, recordId: 1, recordVersion: 1 }, { unique: true });
ChangeCollection.schema.index(
  { tableId: 1, changeKey: 1 },
  { unique: true, partialFilterExpression: { changeKey: { $exists: true } } },
);
ChangeCollection.schema.index({ tableId: 1, _id: 1 });
// The relay's: what is not planned yet and nobody has in hand, oldest first; and claims that have ended.
ChangeCollection.schema.index(
  { claimedUntil: 1, _id: 1 },
  { partialFilterExpression: { state: { $in: ['pending', 'started'] } } },
);
// Those an ordered webhook has to wait for.
ChangeCollection.schema.index(
  { recordId: 1, recordVersion: 1 },
  { partialFilterExpression: { ordered: true, state: { $in: ['pending', 'started'] } } },
);

/** The change as the API shows it, its values keyed as asked. */
export function toChange(doc: ChangeDoc, keys: ValueKeys = 'name'): Change {
  const fields = Object.entries(doc.fieldNames).map(([id, name]) => ({ id, name }));
  return {
    id: doc._id,
    tableId: doc.tableId,
    recordId: doc.recordId,
    recordVersion: doc.recordVersion,
    type: doc.type,
    state: doc.state,
    timestamp: doc.at.toISOString(),
    operatorId: doc.operatorId,
    source: doc.source,
    previous: doc.previous && keyValues(fields, doc.previous, keys),
    record: doc.record && keyValues(fields, doc.record, keys),
    changes: doc.changes,
    expungedAt: doc.expungedAt?.toISOString() ?? null,
  };
}

/** What the body of a delivery is rendered from. */
export function toRenderable(doc: ChangeDoc): RenderableChange {
  return {
    id: doc._id,
    type: doc.type,
    timestamp: doc.at.toISOString(),
    operatorId: doc.operatorId,
    source: doc.source,
    table: { id: doc.tableId, name: doc.tableName, schemaVersion: doc.schemaVersion },
    recordId: doc.recordId,
    recordVersion: doc.recordVersion,
    fieldNames: doc.fieldNames,
    titleField: doc.titleField ?? null,
    previous: doc.previous,
    record: doc.record,
    changes: doc.changes,
  };
}
