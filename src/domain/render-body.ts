import type { ChangeSource, EventType, FieldChange } from '../contracts/change.ts';
import type { EventBody } from '../contracts/event-body.ts';
import type { JsonObject } from '../contracts/json.ts';
import { keyValues } from './field-values.ts';

/** A stored change, complete in itself: values by field id, and the names the fields had when it was written. */
export interface RenderableChange {
  id: string;
  type: EventType;
  timestamp: string;
  operatorId: string;
  source: ChangeSource;
  table: { id: string; name: string; schemaVersion: number };
  recordId: string;
  recordVersion: number;
  fieldNames: Record<string, string>;
  previous: JsonObject | null;
  record: JsonObject | null;
  changes: FieldChange[];
}

/** The bytes of a delivery in the `standard` format, the same for ever: nothing of an attempt is in them. */
export function renderBody(change: RenderableChange, webhook: { id: string; name: string }): string {
  const fields = Object.entries(change.fieldNames).map(([id, name]) => ({ id, name }));
  const byName = (values: JsonObject | null) => values && keyValues(fields, values, 'name');
  const body: EventBody = {
    version: 1,
    id: change.id,
    type: change.type,
    timestamp: change.timestamp,
    operatorId: change.operatorId,
    source: change.source,
    table: change.table,
    webhook: { id: webhook.id, name: webhook.name },
    items: [
      {
        recordId: change.recordId,
        recordVersion: change.recordVersion,
        previous: byName(change.previous),
        record: byName(change.record),
        changes: change.changes,
      },
    ],
  };
  return JSON.stringify(body);
}
