import type { EventType } from '../contracts/change.ts';
import type { JsonObject } from '../contracts/json.ts';
import { diffRecord } from './diff-record.ts';
import type { RenderableChange } from './render-body.ts';

/**
 * Makes one change of a range of changes of one record, given its first and its last: from the state before the first to
 * the state after the last, for the rest the last. Null when they undo each other: nothing is to be told.
 */
export function mergeChanges(first: RenderableChange, last: RenderableChange): RenderableChange | null {
  if (first.id === last.id) return last;
  const type = mergeTypes(first.type, last.type);
  const fieldNames = { ...first.fieldNames, ...last.fieldNames };
  const previous = withoutUnnamed(first.previous, first.fieldNames);
  const record = withoutUnnamed(last.record, last.fieldNames);
  const fields = Object.entries(fieldNames).map(([id, name]) => ({ id, name }));
  const changes = diffRecord(fields, previous, record);
  if (type === null || (type === 'record.updated' && changes.length === 0)) return null;
  return { ...last, type, fieldNames, previous, record, changes };
}

/** What happened to a record that was created, updated or deleted first and last; null when it never was there. */
function mergeTypes(first: EventType, last: EventType): EventType | null {
  if (last === 'record.deleted') return first === 'record.created' ? null : last;
  return first === 'record.created' ? first : 'record.updated';
}

/** A field deleted on the way has a name in one of the states only: the other may still hold its value, and does not show it. */
function withoutUnnamed(values: JsonObject | null, names: Record<string, string>): JsonObject | null {
  return values && Object.fromEntries(Object.entries(values).filter(([id]) => Object.hasOwn(names, id)));
}
