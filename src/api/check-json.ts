import type { ErrorDetail } from '../errors.ts';

const RESERVED_KEYS = new Set(['__proto__', 'constructor', 'prototype', '_bsontype']);
// UTF-8 has no form for half a pair: stored, it would become another character.
const LONE_SURROGATE = /\p{Surrogate}/u;
const MAX_DEPTH = 64;
const MAX_FAULTS = 20;
// 1,000 records of 200 fields, twice over, and room to nest.
const MAX_VALUES = 500_000;

/** A container inside a JSON value, with the way back to the root. */
interface Place {
  value: object;
  key: string;
  parent: Place | null;
  depth: number;
}

/**
 * Faults of a parsed JSON value that no schema sees: keys that reach for prototypes or that BSON cannot hold, numbers and
 * strings that would not be stored as they came, nesting so deep that recursion fails, too many values. At most 20 faults.
 */
export function checkJson(root: unknown): ErrorDetail[] {
  const faults: ErrorDetail[] = [];
  if (root === null || typeof root !== 'object') return faults;
  const open: Place[] = [{ value: root, key: '', parent: null, depth: 1 }];
  let values = 0;
  for (let place = open.pop(); place && faults.length < MAX_FAULTS; place = open.pop()) {
    const isList = Array.isArray(place.value);
    const entries = Object.entries(place.value);
    values += entries.length;
    if (values > MAX_VALUES) return [{ path: '', message: `must not hold more than ${MAX_VALUES} values` }];
    for (const [key, value] of entries) {
      const message = faultOf(isList ? null : key, value, place.depth);
      if (message !== null) faults.push({ path: pathOf(place, key), message });
      else if (value !== null && typeof value === 'object') {
        open.push({ value, key, parent: place, depth: place.depth + 1 });
      }
    }
  }
  return faults.slice(0, MAX_FAULTS);
}

function faultOf(key: string | null, value: unknown, depth: number): string | null {
  if (key !== null && RESERVED_KEYS.has(key)) return 'is a reserved name';
  if (key !== null && (key.includes('\0') || LONE_SURROGATE.test(key))) return 'is not a usable name';
  if (typeof value === 'string') return LONE_SURROGATE.test(value) ? 'must be well-formed Unicode' : null;
  if (typeof value === 'number') return Number.isFinite(value) ? null : 'is a number too large to keep';
  const nests = value !== null && typeof value === 'object';
  return nests && depth === MAX_DEPTH ? `must not nest deeper than ${MAX_DEPTH}` : null;
}

function pathOf(place: Place, key: string): string {
  const keys = [key];
  for (let at: Place | null = place; at?.parent; at = at.parent) keys.unshift(at.key);
  return keys.join('.');
}
