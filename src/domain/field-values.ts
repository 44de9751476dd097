import type { JsonObject, JsonValue } from '../contracts/json.ts';
import type { ValueKeys } from '../contracts/record.ts';
import type { Field } from '../contracts/table.ts';

interface ValueError {
  path: string;
  message: string;
}

/** Values by field id, or every fault found. A cleared value is null. */
export type CheckedValues = { ok: true; values: JsonObject } | { ok: false; errors: ValueError[] };

const MAX_DEPTH = 20;
const RESERVED_KEYS = new Set(['__proto__', 'constructor', 'prototype', '_bsontype']);
// RFC 3339 with seconds and an offset; Date.parse alone would take far more than that.
const DATETIME = /^(\d{4}-\d{2}-\d{2})[Tt]([01]\d|2[0-3]):\d{2}:\d{2}(\.\d{1,9})?([Zz]|[+-]\d{2}:\d{2})$/;

/** Checks values keyed by name or id against the declared fields and re-keys them by field id. */
export function checkValues(fields: readonly Field[], values: JsonObject, keys: ValueKeys): CheckedValues {
  const byKey = new Map(fields.map((field) => [field[keys], field]));
  const checked: JsonObject = {};
  const errors: ValueError[] = [];
  for (const [key, value] of Object.entries(values)) {
    const field = byKey.get(key);
    if (!field) {
      errors.push({ path: key, message: `the table has no field with this ${keys}` });
      continue;
    }
    const result = value === null ? { value } : checkValue(field, value);
    if ('fault' in result) errors.push({ path: key, message: result.fault });
    else checked[field.id] = result.value;
  }
  return errors.length > 0 ? { ok: false, errors } : { ok: true, values: checked };
}

/** Merges checked values into stored ones; null takes a value away. */
export function mergeValues(stored: JsonObject, changes: JsonObject): JsonObject {
  const merged = Object.entries({ ...stored, ...changes }).filter(([, value]) => value !== null);
  return Object.fromEntries(merged);
}

/** Values as a client asked for them: by name or by id; values of deleted fields are left out. */
export function keyValues(
  fields: readonly { id: string; name: string }[],
  values: JsonObject,
  keys: ValueKeys,
): JsonObject {
  const keyed: JsonObject = {};
  for (const field of fields) {
    const value = values[field.id];
    if (value !== undefined) keyed[field[keys]] = value;
  }
  return keyed;
}

export type Checked = { value: JsonValue } | { fault: string };

/** One value as it is stored, or what is wrong with it. */
export function checkValue(field: Field, value: JsonValue): Checked {
  switch (field.type) {
    case 'text':
      return typeof value === 'string' ? { value } : { fault: 'must be a string' };
    case 'number':
      return typeof value === 'number' ? { value } : { fault: 'must be a number' };
    case 'boolean':
      return typeof value === 'boolean' ? { value } : { fault: 'must be true or false' };
    case 'datetime':
      return checkDatetime(value);
    case 'select':
      return isOption(field, value) ? { value } : { fault: `must be one of ${listOptions(field)}` };
    case 'multiSelect':
      return checkMultiSelect(field, value);
    case 'json':
      return checkJson(value);
  }
}

function checkDatetime(value: JsonValue): Checked {
  const [text, date] = (typeof value === 'string' && DATETIME.exec(value)) || [];
  if (text === undefined || date === undefined || !isDay(date) || Number.isNaN(Date.parse(text))) {
    return { fault: 'must be an RFC 3339 date and time, such as 2026-01-31T09:30:00Z' };
  }
  return { value: new Date(text).toISOString() };
}

/** Date.parse makes the 30th of February the 2nd of March. */
function isDay(date: string): boolean {
  const midnight = new Date(`${date}T00:00:00Z`);
  return !Number.isNaN(midnight.getTime()) && midnight.toISOString().startsWith(date);
}

function checkMultiSelect(field: Field, value: JsonValue): Checked {
  if (!Array.isArray(value) || !value.every((item) => isOption(field, item))) {
    return { fault: `must be a list of ${listOptions(field)}` };
  }
  if (new Set(value).size !== value.length) return { fault: 'must not repeat an option' };
  return { value };
}

function checkJson(value: JsonValue): Checked {
  const fault = findJsonFault(value, 1);
  return fault === null ? { value } : { fault };
}

function findJsonFault(value: JsonValue, depth: number): string | null {
  if (value === null || typeof value !== 'object') return null;
  if (depth > MAX_DEPTH) return `must not nest deeper than ${MAX_DEPTH}`;
  for (const [key, item] of Object.entries(value)) {
    if (!Array.isArray(value) && (key.startsWith('$') || key.includes('\0') || RESERVED_KEYS.has(key))) {
      return `must not hold the key ${JSON.stringify(key)}`;
    }
    const fault = findJsonFault(item, depth + 1);
    if (fault !== null) return fault;
  }
  return null;
}

function isOption(field: Field, value: JsonValue): boolean {
  return typeof value === 'string' && (field.options ?? []).includes(value);
}

function listOptions(field: Field): string {
  const options = (field.options ?? []).map((option) => JSON.stringify(option));
  return options.length > 10 ? `${options.slice(0, 10).join(', ')} …` : options.join(', ');
}
