import type { ChangeSource, EventType, FieldChange } from '../contracts/change.ts';
import type { EventBody } from '../contracts/event-body.ts';
import type { JsonObject } from '../contracts/json.ts';
import type { ValueKeys } from '../contracts/record.ts';
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
  /** The table's first text field, which titles a record; null or absent when it has none, or is not known. */
  titleField?: string | null;
  previous: JsonObject | null;
  record: JsonObject | null;
  changes: FieldChange[];
}

/** What of a change is told; everything unless said otherwise. */
export interface ShapeOptions {
  fields?: readonly string[] | undefined;
  keys?: ValueKeys;
  includePrevious?: boolean;
  idsOnly?: boolean;
}

/** What is told of one record; `previous`, and `from` of its changes, are absent where they are not asked for. */
export type ShapedItem = Pick<EventBody['items'][number], 'recordId' | 'recordVersion'> & {
  previous?: JsonObject | null;
  record?: JsonObject | null;
  changes?: (Omit<FieldChange, 'from'> & Partial<Pick<FieldChange, 'from'>>)[];
};

/** The standard body with as much of the change as was asked for. */
export type ShapedBody = Omit<EventBody, 'items'> & { items: [ShapedItem] };

/** The bytes of a delivery in the `standard` format, the same for ever: nothing of an attempt is in them. */
export function renderBody(
  change: RenderableChange,
  webhook: { id: string; name: string },
  options: ShapeOptions = {},
): string {
  return JSON.stringify(toBody(change, webhook, options));
}

/** The body that is rendered, as an object; the order of its keys is that of the bytes. */
export function toBody(
  change: RenderableChange,
  webhook: { id: string; name: string },
  options: ShapeOptions = {},
): ShapedBody {
  return {
    version: 1,
    id: change.id,
    type: change.type,
    timestamp: change.timestamp,
    operatorId: change.operatorId,
    source: change.source,
    table: change.table,
    webhook: { id: webhook.id, name: webhook.name },
    items: [toItem(change, options)],
  };
}

function toItem(
  change: RenderableChange,
  { fields: only, keys = 'name', includePrevious = true, idsOnly = false }: ShapeOptions,
): ShapedItem {
  const { recordId, recordVersion, previous, record, changes } = change;
  if (idsOnly) return { recordId, recordVersion };
  const fields = Object.entries(change.fieldNames).flatMap(([id, name]) =>
    only === undefined || only.includes(id) ? [{ id, name }] : [],
  );
  const keyed = (values: JsonObject | null) => values && keyValues(fields, values, keys);
  const told = only === undefined ? changes : changes.filter(({ fieldId }) => only.includes(fieldId));
  return {
    recordId,
    recordVersion,
    ...(includePrevious && { previous: keyed(previous) }),
    record: keyed(record),
    changes: includePrevious ? told : told.map(({ fieldId, fieldName, to }) => ({ fieldId, fieldName, to })),
  };
}
