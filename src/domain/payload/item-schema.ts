import type { JsonObject } from '../../contracts/json.ts';
import type { PayloadOptions } from '../../contracts/payload.ts';
import type { Field } from '../../contracts/table.ts';
import { closedObject } from './closed-object.ts';
import { when } from './when.ts';

export interface ItemSchemaInput {
  fields: readonly Field[];
  payload: PayloadOptions;
  /** Whether the change was written under the table's fields as they are: what its fields are named is then known. */
  isCurrent: boolean;
  merges: boolean;
}

/** The JSON Schema of what is told of one record. */
export function itemSchema({ fields, payload, isCurrent, merges }: ItemSchemaInput): JsonObject {
  const { fields: only, keys, includePrevious, idsOnly } = payload;
  const ids: JsonObject = {
    recordId: { type: 'string', minLength: 1 },
    recordVersion: { type: 'integer', minimum: 1 },
  };
  if (idsOnly) return closedObject(ids);
  const told = fields.filter(({ id }) => only === undefined || only.includes(id));
  const state = (areNamesKnown: boolean): JsonObject => ({
    type: ['object', 'null'],
    ...(keys === 'id' && { properties: valuesBy(told, 'id'), propertyNames: { pattern: '^fld_' } }),
    ...(keys === 'name' &&
      areNamesKnown && { properties: valuesBy(told, 'name'), additionalProperties: false }),
  });
  return closedObject({
    ...ids,
    ...(includePrevious && { previous: state(isCurrent && !merges) }),
    record: state(isCurrent),
    changes: { type: 'array', items: changeSchema(told, includePrevious) },
  });
}

function valuesBy(fields: readonly Field[], key: 'id' | 'name'): JsonObject {
  // Own properties only: any name will do, __proto__ would not.
  return Object.fromEntries(fields.map((field) => [field[key], valueSchema(field)]));
}

/** A field keeps its id and its type for life: what is said of one is true for changes of any age. */
function changeSchema(fields: readonly Field[], includePrevious: boolean): JsonObject {
  const sides = includePrevious ? ['from', 'to'] : ['to'];
  const known = fields.map((field) =>
    when(
      { properties: { fieldId: { const: field.id } }, required: ['fieldId'] },
      { properties: Object.fromEntries(sides.map((side) => [side, orNull(valueSchema(field))])) },
    ),
  );
  return {
    ...closedObject({
      fieldId: { type: 'string', pattern: '^fld_' },
      fieldName: { type: 'string', minLength: 1 },
      ...Object.fromEntries(sides.map((side) => [side, true])),
    }),
    ...(known.length > 0 && { allOf: known }),
  };
}

function orNull(schema: JsonObject): JsonObject {
  return Object.keys(schema).length === 0 ? {} : { anyOf: [schema, { type: 'null' }] };
}

/** What a field holds when it has a value; an option may be gone from its field and still be the value of a record. */
function valueSchema({ type, options = [] }: Field): JsonObject {
  switch (type) {
    case 'text':
      return { type: 'string' };
    case 'number':
      return { type: 'number' };
    case 'boolean':
      return { type: 'boolean' };
    case 'datetime':
      return { type: 'string', format: 'date-time' };
    case 'select':
      return { type: 'string', examples: [...options] };
    case 'multiSelect':
      return { type: 'array', items: { type: 'string', examples: [...options] }, uniqueItems: true };
    case 'json':
      return {};
  }
}
