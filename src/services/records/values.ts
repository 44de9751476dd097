import type { JsonObject } from '../../contracts/json.ts';
import type { ValueKeys } from '../../contracts/record.ts';
import type { Field } from '../../contracts/table.ts';
import { checkValues } from '../../domain/field-values.ts';
import { AppError, InvalidRequestError } from '../../errors.ts';

const MAX_RECORD_BYTES = 256 * 1024;

/** Values by field id; throws InvalidRequestError naming every fault below `path`. */
export function parseValues(
  fields: readonly Field[],
  values: JsonObject,
  { keys, path }: { keys: ValueKeys; path: string },
): JsonObject {
  const checked = checkValues(fields, values, keys);
  if (checked.ok) return checked.values;
  const errors = checked.errors.map((error) => ({ ...error, path: `${path}.${error.path}` }));
  const [first] = errors;
  throw new InvalidRequestError(
    `The values do not fit the fields of the table. ${first?.path}: ${first?.message}.`,
    errors,
  );
}

/** Throws too_large (413) when a record's values take more than 256 KiB as JSON. */
export function checkRecordSize(values: JsonObject): void {
  const bytes = Buffer.byteLength(JSON.stringify(values));
  if (bytes > MAX_RECORD_BYTES) {
    throw new AppError(
      'too_large',
      `A record may hold 256 KiB of values; this one would hold ${bytes} bytes.`,
    );
  }
}

/** The values of fields the table still has; those of deleted fields are dropped at the next write. */
export function knownValues(fields: readonly Field[], values: JsonObject): JsonObject {
  return Object.fromEntries(
    fields.flatMap(({ id }) => (values[id] === undefined ? [] : [[id, values[id]] as const])),
  );
}
