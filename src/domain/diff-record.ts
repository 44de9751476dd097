import type { FieldChange } from '../contracts/change.ts';
import type { JsonObject } from '../contracts/json.ts';
import { jsonEqual } from './json-equal.ts';

/** The named fields that differ between two states of a record (values by field id), in the order of `fields`. */
export function diffRecord(
  fields: readonly { id: string; name: string }[],
  previous: JsonObject | null,
  record: JsonObject | null,
): FieldChange[] {
  const changes: FieldChange[] = [];
  for (const { id, name } of fields) {
    const from = previous?.[id] ?? null;
    const to = record?.[id] ?? null;
    if (!jsonEqual(from, to)) changes.push({ fieldId: id, fieldName: name, from, to });
  }
  return changes;
}
