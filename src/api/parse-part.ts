import type { z } from 'zod';
import type { ErrorDetail } from '../errors.ts';
import { describeIssue } from './describe-issue.ts';

/** What a part of a request parsed to, or everything that is wrong with it. */
export type ParsedPart<T> = { ok: true; data: T } | { ok: false; errors: ErrorDetail[] };

/** Parses one part of a request. Paths of faults are dotted and begin with `prefix`, which is empty for the body. */
export function parsePart<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  prefix: string,
): ParsedPart<z.output<Schema>> {
  const parsed = schema.safeParse(value, { error: describeIssue });
  if (parsed.success) return { ok: true, data: parsed.data };
  const start = prefix === '' ? [] : [prefix];
  return { ok: false, errors: firstOfEach(parsed.error.issues.flatMap((issue) => toDetails(issue, start))) };
}

function toDetails(issue: z.core.$ZodIssue, start: string[]): ErrorDetail[] {
  const path = [...start, ...issue.path.map((key) => String(key))];
  const keys = issue.code === 'unrecognized_keys' ? issue.keys.map((key) => [...path, key]) : [path];
  return keys.map((key) => ({ path: key.join('.'), message: issue.message }));
}

/** One fault per path: zod goes on to measure what has the wrong type already. */
function firstOfEach(details: ErrorDetail[]): ErrorDetail[] {
  const seen = new Set<string>();
  return details.filter(({ path }) => !seen.has(path) && seen.add(path));
}
