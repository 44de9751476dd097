import { readFileSync } from 'node:fs';
import type { JsonObject } from '../contracts/json.ts';
import { UsageError } from './cli-error.ts';

/**
 * The JSON object of a flag: given itself, as `@file`, or `-` for stdin. Empty when there is none. Throws UsageError
 * when it cannot be read or is no JSON object.
 */
export function readData(flag: string, data: string | undefined): JsonObject {
  if (data === undefined) return {};
  const value = parse(flag, textOf(flag, data));
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as JsonObject;
  throw new UsageError(`${flag} must be a JSON object, such as '{"name":"Tasks"}'.`);
}

function textOf(flag: string, data: string): string {
  if (data !== '-' && !data.startsWith('@')) return data;
  try {
    return readFileSync(data === '-' ? 0 : data.slice(1), 'utf8');
  } catch (cause) {
    const what = data === '-' ? 'stdin' : `the file ${data.slice(1)}`;
    throw new UsageError(`${flag} cannot read ${what}: ${(cause as Error).message}.`, { cause });
  }
}

function parse(flag: string, text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    throw new UsageError(`${flag} is not JSON: ${(cause as Error).message}.`, { cause });
  }
}
