import { readFileSync } from 'node:fs';
import type { JsonObject } from '../contracts/json.ts';
import { UsageError } from './cli-error.ts';

/**
 * The JSON object of `--data`: given itself, as `@file`, or `-` for stdin. Empty when there is none. Throws UsageError
 * when it cannot be read or is no JSON object.
 */
export function readData(data: string | undefined): JsonObject {
  if (data === undefined) return {};
  const value = parse(textOf(data));
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as JsonObject;
  throw new UsageError(`--data must be a JSON object, such as '{"name":"Tasks"}'.`);
}

function textOf(data: string): string {
  if (data !== '-' && !data.startsWith('@')) return data;
  try {
    return readFileSync(data === '-' ? 0 : data.slice(1), 'utf8');
  } catch (cause) {
    const what = data === '-' ? 'stdin' : `the file ${data.slice(1)}`;
    throw new UsageError(`--data cannot read ${what}: ${(cause as Error).message}.`, { cause });
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw new UsageError(`--data is not JSON: ${(cause as Error).message}.`, { cause });
  }
}
