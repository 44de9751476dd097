import type { Field } from '../contracts/table.ts';

/** One thing that does not fit the table, as a path below what was asked and what is wrong there. */
export interface FieldFault {
  path: string;
  message: string;
}

/** What was asked with its fields by id, or every fault found. */
export type Resolved<T> = { ok: true; value: T } | { ok: false; errors: FieldFault[] };

export const NO_SUCH_FIELD = 'the table has no field with this id or name';

/** The field a reference means: the one with that id, else the one of that name. */
export function findField(fields: readonly Field[], reference: string): Field | undefined {
  return fields.find(({ id }) => id === reference) ?? fields.find(({ name }) => name === reference);
}

/** The ids of the fields that are referred to, each once. */
export function resolveFields(fields: readonly Field[], references: readonly string[]): Resolved<string[]> {
  const ids = references.map((reference) => findField(fields, reference)?.id);
  const errors = ids.flatMap((id, index) =>
    id === undefined ? [{ path: `${index}`, message: NO_SUCH_FIELD }] : [],
  );
  if (errors.length > 0) return { ok: false, errors };
  return { ok: true, value: [...new Set(ids.filter((id) => id !== undefined))] };
}
