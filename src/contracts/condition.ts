import { z } from 'zod';
import type { JsonValue } from './json.ts';
import { JsonObject } from './json.ts';

const MAX_DEPTH = 8;
const MAX_PARTS = 200;
const MAX_LIST = 500;

const Scalar = z.union([z.string().max(1_000), z.number(), z.boolean(), z.null()]);
const List = z.array(Scalar).min(1).max(MAX_LIST);
const Text = z.string().min(1).max(1_000);

/** What may be asked of a field, and with which operand; `$not` holds more of these. */
export const FIELD_OPERATORS = {
  $eq: Scalar,
  $ne: Scalar,
  $gt: Scalar,
  $gte: Scalar,
  $lt: Scalar,
  $lte: Scalar,
  $in: List,
  $nin: List,
  $exists: z.boolean(),
  $contains: Text,
  $startsWith: Text,
} as const;
export type FieldOperator = keyof typeof FIELD_OPERATORS;

/** What joins filters. */
export const JOINING_OPERATORS = ['$and', '$or', '$nor'] as const;

interface Fault {
  path: (string | number)[];
  message: string;
}

/** MongoDB-style query over the values of a record, each key a field by id, or in requests by name. */
export const Filter = JsonObject.superRefine((filter, context) => {
  const walk = openWalk();
  walk.filter(filter, [], 1);
  for (const { path, message } of walk.faults) context.addIssue({ code: 'custom', path, message });
});
export type Filter = z.infer<typeof Filter>;

/**
 * `matches`: the new state fits the filter, on a delete the last one. `enters`: it fits and the one before did not.
 * `leaves`: the one before fitted and the new one, if there is one, does not.
 */
export const Condition = z.strictObject({
  filter: Filter.describe(
    'MongoDB-style query over the record, each key a field by name or id, read back by id. Operators: `$eq $ne $gt $gte $lt $lte $in $nin $exists $not`, `$contains` and `$startsWith` on text, joined by `$and $or $nor`.',
  ),
  when: z
    .enum(['matches', 'enters', 'leaves'])
    .default('matches')
    .describe(
      '`matches`: the new state fits the filter, on a delete the last one. `enters`: it fits and the one before did not. `leaves`: the one before fitted and the new one, if there is one, does not.',
    ),
});
export type Condition = z.infer<typeof Condition>;

/** Judges the form of a filter: operators from the lists above, bounded in depth and size. Fields are for the table to judge. */
function openWalk() {
  const faults: Fault[] = [];
  let parts = 0;
  const refuse = (path: Fault['path'], message: string) => void faults.push({ path, message });
  const entriesOf = (value: JsonValue, path: Fault['path'], depth: number): [string, JsonValue][] => {
    if (value === null || typeof value !== 'object' || Array.isArray(value)) {
      refuse(path, 'must be an object');
      return [];
    }
    const entries = Object.entries(value);
    parts += entries.length;
    if (entries.length === 0) refuse(path, 'must not be empty');
    if (depth > MAX_DEPTH) refuse(path, `must not nest deeper than ${MAX_DEPTH}`);
    if (parts > MAX_PARTS) refuse(path, `must not hold more than ${MAX_PARTS} parts`);
    return depth > MAX_DEPTH || parts > MAX_PARTS ? [] : entries;
  };
  const filter = (value: JsonValue, path: Fault['path'], depth: number): void => {
    for (const [key, part] of entriesOf(value, path, depth)) {
      const at = [...path, key];
      if (JOINING_OPERATORS.some((operator) => operator === key)) list(part, at, depth + 1);
      else if (key.startsWith('$'))
        refuse(at, `is not an operator here; ${JOINING_OPERATORS.join(', ')} are`);
      else if (part !== null && typeof part === 'object') operators(part, at, depth + 1);
    }
  };
  const list = (value: JsonValue, path: Fault['path'], depth: number): void => {
    if (!Array.isArray(value) || value.length === 0) return refuse(path, 'must be a list of filters');
    for (const [index, item] of value.entries()) filter(item, [...path, index], depth);
  };
  const operators = (value: JsonValue, path: Fault['path'], depth: number): void => {
    for (const [key, operand] of entriesOf(value, path, depth)) {
      const at = [...path, key];
      if (key === '$not') operators(operand, at, depth + 1);
      else if (!isFieldOperator(key)) refuse(at, `is not an operator; ${OPERATORS} are`);
      else if (!FIELD_OPERATORS[key].safeParse(operand).success) refuse(at, `must be ${OPERANDS[key]}`);
    }
  };
  return { faults, filter };
}

/** Whether a key is an operator that a field may be asked with. */
export function isFieldOperator(key: string): key is FieldOperator {
  return Object.hasOwn(FIELD_OPERATORS, key);
}

const OPERATORS = [...Object.keys(FIELD_OPERATORS), '$not'].join(', ');
const VALUE = 'a text of at most 1,000 characters, a number, true, false or null';
const LIST = `a list of 1 to ${MAX_LIST} such values: ${VALUE}`;
const TEXT = 'a text of 1 to 1,000 characters';
const OPERANDS: Record<FieldOperator, string> = {
  $eq: VALUE,
  $ne: VALUE,
  $gt: VALUE,
  $gte: VALUE,
  $lt: VALUE,
  $lte: VALUE,
  $in: LIST,
  $nin: LIST,
  $exists: 'true or false',
  $contains: TEXT,
  $startsWith: TEXT,
};
