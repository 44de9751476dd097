import type { Filter } from '../contracts/condition.ts';
import type { JsonObject, JsonValue } from '../contracts/json.ts';
import type { Field, FieldType } from '../contracts/table.ts';
import { checkValue } from './field-values.ts';
import type { FieldFault, Resolved } from './resolve-fields.ts';
import { findField, NO_SUCH_FIELD } from './resolve-fields.ts';

const EQUAL = ['$eq', '$ne', '$in', '$nin', '$exists', '$not'];
const ORDER = ['$gt', '$gte', '$lt', '$lte'];
const TEXT = ['$contains', '$startsWith'];

/** Which operators make sense of a field's values. */
const OPERATORS: Record<FieldType, readonly string[]> = {
  text: [...EQUAL, ...ORDER, ...TEXT],
  number: [...EQUAL, ...ORDER],
  boolean: EQUAL,
  datetime: [...EQUAL, ...ORDER],
  select: EQUAL,
  multiSelect: EQUAL,
  json: [...EQUAL, ...ORDER, ...TEXT],
};

const RESERVED = new Set(['__proto__', 'constructor', 'prototype']);

/**
 * A filter (of the form that the contract judges) with its fields by id and its operands as their values are stored, or
 * every place where it does not fit the table: no such field, an operator or a value that is not of the field's type.
 */
export function resolveFilter(fields: readonly Field[], filter: Filter): Resolved<Filter> {
  const errors: FieldFault[] = [];
  const value = resolveParts({ fields, errors }, filter, '');
  return errors.length > 0 ? { ok: false, errors } : { ok: true, value };
}

interface Desk {
  fields: readonly Field[];
  errors: FieldFault[];
}

function resolveParts(desk: Desk, filter: JsonObject, path: string): JsonObject {
  const resolved: [string, JsonValue][] = [];
  for (const [key, part] of Object.entries(filter)) {
    const at = below(path, key);
    if (key.startsWith('$')) {
      const list = Array.isArray(part) ? part : [];
      resolved.push([
        key,
        list.map((item, index) => resolveParts(desk, toObject(item), below(at, `${index}`))),
      ]);
      continue;
    }
    const found = findPath(desk.fields, key);
    if (found) resolved.push([found.key, resolvePart(desk, { ...found, part, path: at })]);
    else desk.errors.push({ path: at, message: NO_SUCH_FIELD });
  }
  const keys = resolved.map(([key]) => key);
  const repeated = keys.find((key, index) => keys.indexOf(key) !== index);
  if (repeated !== undefined) {
    desk.errors.push({ path, message: `asks twice for the field ${repeated}; join the two with $and` });
  }
  return Object.fromEntries(resolved);
}

interface FoundPath {
  field: Field;
  /** The field's id, and behind it the path into a json value. */
  key: string;
}

/** A key means a field, or a place within the value of a json field: `Data.address.city`. */
function findPath(fields: readonly Field[], key: string): FoundPath | null {
  const whole = findField(fields, key);
  if (whole) return { field: whole, key: whole.id };
  for (let dot = key.lastIndexOf('.'); dot > 0; dot = key.lastIndexOf('.', dot - 1)) {
    const field = findField(fields, key.slice(0, dot));
    const rest = key.slice(dot + 1);
    if (field?.type !== 'json') continue;
    const steps = rest.split('.');
    return steps.some((step) => step === '' || RESERVED.has(step))
      ? null
      : { field, key: `${field.id}.${rest}` };
  }
  return null;
}

interface Part extends FoundPath {
  part: JsonValue;
  path: string;
}

function resolvePart(desk: Desk, { field, key, part, path }: Part): JsonValue {
  if (part === null || typeof part !== 'object') return resolveOperand(desk, { field, key, part, path });
  const operators = Object.entries(toObject(part)).map(([operator, operand]): [string, JsonValue] => {
    const at = below(path, operator);
    const asked = { field, key, part: operand, path: at };
    if (!OPERATORS[field.type].includes(operator)) {
      desk.errors.push({ path: at, message: `does not go with a ${field.type} field` });
      return [operator, operand];
    }
    if (operator === '$exists' || TEXT.includes(operator)) return [operator, operand];
    if (operator === '$not') return [operator, resolvePart(desk, asked)];
    if (!Array.isArray(operand)) return [operator, resolveOperand(desk, asked)];
    const items = operand.map((item, index) =>
      resolveOperand(desk, { ...asked, part: item, path: below(at, `${index}`) }),
    );
    return [operator, items];
  });
  return Object.fromEntries(operators);
}

/** An operand as the field's values are stored; of a multiSelect it is one option. Null stands for no value. */
function resolveOperand(desk: Desk, { field, part, path }: Part): JsonValue {
  if (part === null || field.type === 'json') return part;
  const checked = checkValue(field.type === 'multiSelect' ? { ...field, type: 'select' } : field, part);
  if ('value' in checked) return checked.value;
  desk.errors.push({ path, message: checked.fault });
  return part;
}

function toObject(value: JsonValue): JsonObject {
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? value : {};
}

function below(path: string, key: string): string {
  return path === '' ? key : `${path}.${key}`;
}
