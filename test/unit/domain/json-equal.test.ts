import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonValue } from '../../../src/contracts/json.ts';
import { jsonEqual } from '../../../src/domain/json-equal.ts';

const json = () => fc.jsonValue() as fc.Arbitrary<JsonValue>;

/** The same value with the keys of every object in the opposite order. */
function turn(value: JsonValue): JsonValue {
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map((item) => turn(item));
  const entries = Object.entries(value).map(([key, item]) => [key, turn(item)] as const);
  return Object.fromEntries(entries.toReversed());
}

describe('jsonEqual', () => {
  it('holds any value equal to its copy, whatever the order of its keys', () => {
    fc.assert(
      fc.property(json(), (value) => {
        expect(jsonEqual(value, JSON.parse(JSON.stringify(value)) as JsonValue)).toBe(true);
        expect(jsonEqual(turn(value), value)).toBe(true);
      }),
    );
  });

  it('answers the same whichever value comes first', () => {
    fc.assert(fc.property(json(), json(), (a, b) => jsonEqual(a, b) === jsonEqual(b, a)));
  });

  it.each<[JsonValue, JsonValue]>([
    [null, 0],
    [null, {}],
    [0, '0'],
    [0, false],
    ['', null],
    [[], {}],
    [
      [1, 2],
      [2, 1],
    ],
    [[1], [1, null]],
    [{ a: null }, {}],
    [{ a: 1 }, { b: 1 }],
    [{ a: { b: 1 } }, { a: { b: 2 } }],
    [{ 0: 'x' }, ['x']],
  ])('tells %j from %j', (a, b) => {
    expect(jsonEqual(a, b)).toBe(false);
  });
});
