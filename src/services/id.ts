import { TypeID, typeid } from 'typeid-js';
import type { IdPrefix } from '../contracts/id.ts';

/** A new id: prefix and UUIDv7, so ids sort by the time they were made (TypeID 0.3, RFC 9562). */
export function newId(prefix: IdPrefix): string {
  return typeid(prefix).toString();
}

/** The lowest id that could have been made at `time`: a bound for reading a range of time by id. */
export function lowestIdAt(prefix: IdPrefix, time: Date): string {
  const hex = Math.max(0, time.getTime()).toString(16).padStart(12, '0').slice(-12);
  const uuid = `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000000`;
  return TypeID.fromUUID(prefix, uuid).toString();
}

/** The 32 hex digits of an id's UUID: the trace id that everything about a change shares. */
export function traceIdOf(id: string): string {
  return TypeID.fromString(id).toUUID().replaceAll('-', '');
}
