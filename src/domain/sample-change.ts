import type { EventType } from '../contracts/change.ts';
import type { JsonObject, JsonValue } from '../contracts/json.ts';
import type { Field } from '../contracts/table.ts';
import { diffRecord } from './diff-record.ts';
import type { RenderableChange } from './render-body.ts';
import { titleFieldOf } from './title-field.ts';

/** Whether a state of a sample has a value for every field, or for none. */
export type SampleState = 'full' | 'empty';

export interface ToSampleChangeInput {
  table: { id: string; name: string; schemaVersion: number; fields: readonly Field[] };
  type: EventType;
  now: Date;
  ids: { changeId: string; recordId: string };
  /** Full unless said otherwise; a create has none. */
  previous?: SampleState;
  /** Full unless said otherwise; a delete has none. */
  record?: SampleState;
}

const VERSIONS: Record<EventType, number> = { 'record.created': 1, 'record.updated': 2, 'record.deleted': 3 };

/** A change as the table's records might have it: an example value of its type for each field; an update changes them all. */
export function toSampleChange({
  table: { fields, ...table },
  type,
  now,
  ids,
  previous: before = 'full',
  record: after = 'full',
}: ToSampleChangeInput): RenderableChange {
  const previous = type === 'record.created' ? null : toState(fields, before, 0);
  const record = type === 'record.deleted' ? null : toState(fields, after, 1);
  const present = fields.filter(({ id }) => previous?.[id] !== undefined || record?.[id] !== undefined);
  return {
    id: ids.changeId,
    type,
    timestamp: now.toISOString(),
    operatorId: 'sample',
    source: { kind: 'api', requestId: 'sample', hops: 0 },
    table: { id: table.id, name: table.name, schemaVersion: table.schemaVersion },
    recordId: ids.recordId,
    recordVersion: VERSIONS[type],
    titleField: titleFieldOf(fields),
    fieldNames: Object.fromEntries(present.map(({ id, name }) => [id, name])),
    previous,
    record,
    changes: diffRecord(fields, previous, record),
  };
}

/** The values before the change (0) or after it (1). A field of a single option was not set before. */
function toState(fields: readonly Field[], state: SampleState, index: 0 | 1): JsonObject {
  if (state === 'empty') return {};
  return Object.fromEntries(
    fields.flatMap((field) => {
      const value = examplesOf(field)[index];
      return value === undefined || value === null ? [] : [[field.id, value]];
    }),
  );
}

function examplesOf({ type, options = [] }: Field): [JsonValue | undefined, JsonValue | undefined] {
  const [first, second] = options;
  switch (type) {
    case 'text':
      return ['An example', 'Another example'];
    case 'number':
      return [1, 2.5];
    case 'boolean':
      return [false, true];
    case 'datetime':
      return ['2026-01-31T09:30:00.000Z', '2026-02-28T17:00:00.000Z'];
    case 'select':
      return second === undefined ? [undefined, first] : [first, second];
    case 'multiSelect':
      return second === undefined ? [[], options.slice(0, 1)] : [[second], options.slice(0, 2)];
    case 'json':
      return [{ example: true }, { example: [1, 'two', null] }];
  }
}
