import type { JsonValue } from '../../contracts/json.ts';

const NONE = '(none)';
/** As datetimes are stored. */
const DATETIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;

/** A value as a person reads it; of an absent or empty one, that there is none. */
export function toReadable(value: JsonValue | undefined): string {
  if (value === undefined || value === null || value === '') return NONE;
  if (typeof value === 'string') return DATETIME.test(value) ? toReadableTime(value) : value;
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'number') return String(value);
  if (!Array.isArray(value)) return JSON.stringify(value);
  if (value.length === 0) return NONE;
  const isList = value.every((item) => item !== null && typeof item !== 'object');
  return isList ? value.map((item) => toReadable(item)).join(', ') : JSON.stringify(value);
}

/** A time to the minute, in UTC: "2026-01-31 09:30 UTC". */
export function toReadableTime(timestamp: string): string {
  return `${timestamp.slice(0, 10)} ${timestamp.slice(11, 16)} UTC`;
}
