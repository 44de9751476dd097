import type { Query } from 'sift';
import sift from 'sift';
import type { Condition, Filter } from '../contracts/condition.ts';
import type { JsonObject } from '../contracts/json.ts';

// A CommonJS module whose names Node does not see: only the default import works everywhere.
const {
  $and,
  $eq,
  $exists,
  $gt,
  $gte,
  $in,
  $lt,
  $lte,
  $ne,
  $nin,
  $nor,
  $not,
  $or,
  createEqualsOperation,
  createQueryTester,
} = sift;

/** A record change, as far as a condition asks about it: states by field id. */
export interface ConditionedChange {
  previous: JsonObject | null;
  record: JsonObject | null;
}

type TextTest = (text: string, operand: string) => boolean;

/** The operators that exist; any other does not compile. */
const OPERATIONS = {
  $and,
  $eq,
  $exists,
  $gt,
  $gte,
  $in,
  $lt,
  $lte,
  $ne,
  $nin,
  $nor,
  $not,
  $or,
  $contains: ofText((text, operand) => text.includes(operand)),
  $startsWith: ofText((text, operand) => text.startsWith(operand)),
};

function ofText(test: TextTest) {
  return (
    operand: string,
    ownerQuery: Query<unknown>,
    options: Parameters<typeof createEqualsOperation>[2],
  ) =>
    createEqualsOperation(
      (value: unknown) => typeof value === 'string' && test(value, operand),
      ownerQuery,
      options,
    );
}

/** Says whether a record's values (by field id) fit a filter whose fields are ids. Throws for an operator that does not exist. */
export function compileFilter(filter: Filter): (values: JsonObject) => boolean {
  return createQueryTester<JsonObject>(filter, { operations: OPERATIONS });
}

/** Whether a change fulfils a condition; `fits` is its filter, compiled. */
export function fulfils(
  when: Condition['when'],
  fits: (values: JsonObject) => boolean,
  { previous, record }: ConditionedChange,
): boolean {
  const before = previous !== null && fits(previous);
  const after = record !== null && fits(record);
  switch (when) {
    case 'matches':
      return record === null ? before : after;
    case 'enters':
      return after && !before;
    case 'leaves':
      return before && !after;
  }
}
