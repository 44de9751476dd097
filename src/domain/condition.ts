import type { Query } from 'sift';
// A CommonJS module whose names Node does not see: only the default import works everywhere.
import sift from 'sift';
import type { Condition, Filter } from '../contracts/condition.ts';
import type { JsonObject } from '../contracts/json.ts';

/** A record change, as far as a condition asks about it: states by field id. */
export interface ConditionedChange {
  previous: JsonObject | null;
  record: JsonObject | null;
}

type TextTest = (text: string, operand: string) => boolean;

/** The operators that exist; any other does not compile. */
const OPERATIONS = {
  $and: sift.$and,
  $eq: sift.$eq,
  $exists: sift.$exists,
  $gt: sift.$gt,
  $gte: sift.$gte,
  $in: sift.$in,
  $lt: sift.$lt,
  $lte: sift.$lte,
  $ne: sift.$ne,
  $nin: sift.$nin,
  $nor: sift.$nor,
  $not: sift.$not,
  $or: sift.$or,
  $contains: ofText((text, operand) => text.includes(operand)),
  $startsWith: ofText((text, operand) => text.startsWith(operand)),
};

function ofText(test: TextTest) {
  return (
    operand: string,
    ownerQuery: Query<unknown>,
    options: Parameters<typeof sift.createEqualsOperation>[2],
  ) =>
    sift.createEqualsOperation(
      (value: unknown) => typeof value === 'string' && test(value, operand),
      ownerQuery,
      options,
    );
}

/** Says whether a record's values (by field id) fit a filter whose fields are ids. Throws for an operator that does not exist. */
export function compileFilter(filter: Filter): (values: JsonObject) => boolean {
  return sift.createQueryTester<JsonObject>(filter, { operations: OPERATIONS });
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
