import type { ChangeSource, EventType } from '../contracts/change.ts';
import type { JsonObject } from '../contracts/json.ts';
import { diffRecord } from './diff-record.ts';
import type { RenderableChange } from './render-body.ts';

export interface TellRecordInput {
  /** What the telling itself is: no change that was ever written. */
  told: { id: string; type: EventType; timestamp: string; operatorId: string; source: ChangeSource };
  table: { id: string; name: string; schemaVersion: number; fields: readonly { id: string; name: string }[] };
  /** `previous` is what it was before its latest change, if that was an update. */
  record: { id: string; version: number; values: JsonObject; previous: JsonObject | null };
}

/**
 * A record as it is now, told as an event: as if it had just come to be, been deleted, or been updated. An update has what
 * the record was before, where its latest change was one; else all of it but its last value, as if that had just been set.
 */
export function tellRecord({ told, table: { fields, ...table }, record }: TellRecordInput): RenderableChange {
  const { previous, record: after } = toStates(told.type, fields, record);
  const present = fields.filter(({ id }) => previous?.[id] !== undefined || after?.[id] !== undefined);
  return {
    ...told,
    table: { id: table.id, name: table.name, schemaVersion: table.schemaVersion },
    recordId: record.id,
    recordVersion: record.version,
    fieldNames: Object.fromEntries(present.map(({ id, name }) => [id, name])),
    previous,
    record: after,
    changes: diffRecord(fields, previous, after),
  };
}

function toStates(
  type: EventType,
  fields: TellRecordInput['table']['fields'],
  { values, previous }: TellRecordInput['record'],
): { previous: JsonObject | null; record: JsonObject | null } {
  switch (type) {
    case 'record.created':
      return { previous: null, record: values };
    case 'record.deleted':
      return { previous: values, record: null };
    case 'record.updated':
      return { previous: previous ?? withoutLast(fields, values), record: values };
  }
}

function withoutLast(fields: TellRecordInput['table']['fields'], values: JsonObject): JsonObject {
  const last = fields.findLast(({ id }) => values[id] !== undefined)?.id;
  return Object.fromEntries(Object.entries(values).filter(([id]) => id !== last));
}
