import type { Field } from '../contracts/table.ts';

/** The id of the field whose value titles a record: the table's first text field, or null when it has none. */
export function titleFieldOf(fields: readonly Field[]): string | null {
  return fields.find(({ type }) => type === 'text')?.id ?? null;
}
