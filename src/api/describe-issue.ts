import type { z } from 'zod';

type RawIssue = z.core.$ZodRawIssue;

const TYPE_NAMES: Record<string, string> = {
  string: 'a string',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
};

/** What is wrong with a value, as the end of a sentence that begins with its path. A schema's own message goes first. */
export function describeIssue(issue: RawIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined
        ? 'is required'
        : `must be ${TYPE_NAMES[issue.expected] ?? issue.expected}`;
    case 'invalid_value':
      return issue.input === undefined ? 'is required' : `must be ${oneOf(issue.values)}`;
    case 'too_small':
      return issue.minimum === 1 && issue.origin === 'string'
        ? 'must not be empty'
        : `${measure(issue.origin)} at least ${count(issue.minimum, issue.origin)}`;
    case 'too_big':
      return `${measure(issue.origin)} at most ${count(issue.maximum, issue.origin)}`;
    case 'invalid_format':
      return issue.format === 'datetime'
        ? 'must be an RFC 3339 date and time, such as 2026-01-31T09:30:00Z'
        : 'does not have the right form';
    case 'invalid_union':
      return describeUnion(issue);
    case 'unrecognized_keys':
      return 'is not a known field';
    default:
      return 'is not valid';
  }
}

function measure(origin: string): string {
  if (origin === 'string') return 'must have';
  return origin === 'array' ? 'must hold' : 'must be';
}

function count(limit: number | bigint, origin: string): string {
  const unit = { string: ' character', array: ' item' }[origin];
  return unit === undefined ? `${limit}` : `${limit}${unit}${limit === 1 ? '' : 's'}`;
}

function describeUnion(issue: Extract<RawIssue, { code: 'invalid_union' }>): string {
  if (Array.isArray(issue.options)) return `must be ${oneOf(issue.options)}`;
  const branches = issue.errors?.flat() ?? [];
  const values = branches.flatMap((branch) => (branch.code === 'invalid_value' ? branch.values : []));
  if (values.length > 0) return `must be ${oneOf(values)}`;
  return issue.input === undefined ? 'is required' : 'is not valid';
}

function oneOf(values: readonly unknown[]): string {
  const [only, ...others] = values.map((value) => String(value));
  return others.length === 0 ? `${only}` : `one of ${[only, ...others].join(', ')}`;
}
