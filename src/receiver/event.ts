/** Any JSON value. */
export type JsonValue = string | number | boolean | null | JsonValue[] | { [key: string]: JsonValue };

/** What is in a record, by field name (by field id where the webhook's `payload.keys` is `id`). */
export type RecordValues = Record<string, JsonValue>;

/**
 * How much a webhook's payload holds: all of it, nothing of what was before (`includePrevious: false`), or ids and
 * versions only (`idsOnly: true`).
 */
export type PayloadShape = 'full' | 'no-previous' | 'ids-only';

/** One field that differs; null where it had or has no value. */
export interface FieldChange {
  fieldId: string;
  fieldName: string;
  from: JsonValue;
  to: JsonValue;
}

interface ItemIds {
  recordId: string;
  /** Grows with every change of the record: what is older never replaces what is newer. */
  recordVersion: number;
}

/** A field without a value has no key, so none can be relied upon. */
interface Items<Values> {
  'record.created': { previous: null; record: Partial<Values> };
  'record.updated': { previous: Partial<Values>; record: Partial<Values> };
  'record.deleted': { previous: Partial<Values>; record: null };
}

/** The three things that can happen to a record. */
export type EventType = keyof Items<RecordValues>;

/** One record of an event, as much of it as the webhook's payload holds. */
export type EventItem<Type extends EventType, Values, Shape extends PayloadShape> = ItemIds &
  {
    full: Items<Values>[Type] & { changes: FieldChange[] };
    'no-previous': Pick<Items<Values>[Type], 'record'> & { changes: Omit<FieldChange, 'from'>[] };
    'ids-only': unknown;
  }[Shape];

interface EventOf<Type extends EventType, Values, Shape extends PayloadShape> {
  version: 1;
  /** Of the change: the same for every webhook that hears of it. */
  id: string;
  type: Type;
  /** When the record changed, ISO 8601. */
  timestamp: string;
  operatorId: string;
  source: { kind: 'api' | 'ingest' | 'system'; requestId: string; hops: number };
  table: { id: string; name: string; schemaVersion: number };
  webhook: { id: string; name: string };
  items: [EventItem<Type, Values, Shape>, ...EventItem<Type, Values, Shape>[]];
}

/**
 * What an endpoint receives in the `standard` format; `type` tells the three apart. `Values` are the table's fields, such
 * as `{ Title: string; Status: 'pending' | 'completed' }`: they are believed, not checked.
 */
export type WebhookEvent<Values = RecordValues, Shape extends PayloadShape = 'full'> = {
  [Type in EventType]: EventOf<Type, Values, Shape>;
}[EventType];
