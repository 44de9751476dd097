import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject, JsonValue } from '../../../src/contracts/json.ts';
import type { Field } from '../../../src/contracts/table.ts';
import { checkValues, keyValues, mergeValues } from '../../../src/domain/field-values.ts';

const FIELDS: Field[] = [
  { id: 'f1', name: 'Text', type: 'text' },
  { id: 'f2', name: 'Number', type: 'number' },
  { id: 'f3', name: 'Boolean', type: 'boolean' },
  { id: 'f4', name: 'Datetime', type: 'datetime' },
  { id: 'f5', name: 'Select', type: 'select', options: ['a', 'b'] },
  { id: 'f6', name: 'Multi', type: 'multiSelect', options: ['a', 'b'] },
  { id: 'f7', name: 'Json', type: 'json' },
];

/** A value nested in as many objects. */
const nest = (levels: number): JsonValue => (levels === 0 ? 1 : { in: nest(levels - 1) });

const faultsOf = (values: JsonObject) => {
  const checked = checkValues(FIELDS, values, 'name');
  return checked.ok ? [] : checked.errors;
};

describe('checkValues', () => {
  it('takes a value of each type and keys it by field id', () => {
    const values: JsonObject = {
      Text: '',
      Number: -0.5,
      Boolean: false,
      Datetime: '2026-01-31T09:30:00Z',
      Select: 'b',
      Multi: ['b', 'a'],
      Json: { list: [1, null, { deep: true }] },
    };
    expect(checkValues(FIELDS, values, 'name')).toEqual({
      ok: true,
      values: {
        f1: '',
        f2: -0.5,
        f3: false,
        f4: '2026-01-31T09:30:00.000Z',
        f5: 'b',
        f6: ['b', 'a'],
        f7: { list: [1, null, { deep: true }] },
      },
    });
  });

  it('takes field ids instead of names when asked to, and then no names', () => {
    expect(checkValues(FIELDS, { f1: 'x' }, 'id')).toEqual({ ok: true, values: { f1: 'x' } });
    expect(checkValues(FIELDS, { Text: 'x' }, 'id')).toMatchObject({ ok: false, errors: [{ path: 'Text' }] });
    expect(checkValues(FIELDS, { f1: 'x' }, 'name')).toMatchObject({ ok: false, errors: [{ path: 'f1' }] });
  });

  it('takes null for every type, as a value to clear', () => {
    const cleared = Object.fromEntries(FIELDS.map(({ name }) => [name, null]));
    const byId = Object.fromEntries(FIELDS.map(({ id }) => [id, null]));
    expect(checkValues(FIELDS, cleared, 'name')).toEqual({ ok: true, values: byId });
  });

  it.each<[string, JsonValue]>([
    ['Text', 1],
    ['Number', '1'],
    ['Boolean', 'true'],
    ['Boolean', 0],
    ['Datetime', 0],
    ['Datetime', '2026-01-31'],
    ['Datetime', '2026-01-31T09:30:00'],
    ['Datetime', '2026-01-31 09:30:00Z'],
    ['Datetime', '2026-13-01T00:00:00Z'],
    ['Datetime', '2026-02-30T00:00:00Z'],
    ['Datetime', '2025-02-29T00:00:00Z'],
    ['Datetime', '2026-01-31T24:00:00Z'],
    ['Datetime', '2026-01-31T09:30:00+25:00'],
    ['Datetime', 'tomorrow'],
    ['Select', 'c'],
    ['Select', ['a']],
    ['Multi', 'a'],
    ['Multi', ['a', 'c']],
    ['Multi', ['a', 'a']],
    ['Multi', [null]],
    ['Json', { $where: '1' }],
    ['Json', [{ constructor: 1 }]],
    ['Json', { _bsontype: 'ObjectId' }],
    ['Json', { 'a\0b': 1 }],
    ['Json', nest(21)],
  ])('refuses in %s the value %j', (name, value) => {
    expect(faultsOf({ [name]: value })).toEqual([{ path: name, message: expect.stringMatching(/^must /) }]);
  });

  it('takes JSON that nests 20 levels deep', () => {
    expect(faultsOf({ Json: nest(20) })).toEqual([]);
  });

  it('keeps a date and time as its instant in UTC, to the millisecond', () => {
    const instantOf = (value: string) => checkValues(FIELDS, { Datetime: value }, 'name');
    for (const [value, instant] of [
      ['2026-01-31T09:30:00+02:00', '2026-01-31T07:30:00.000Z'],
      ['2026-01-31t09:30:00z', '2026-01-31T09:30:00.000Z'],
      ['2026-01-31T23:30:00.123456789-01:00', '2026-02-01T00:30:00.123Z'],
      ['2024-02-29T00:00:00Z', '2024-02-29T00:00:00.000Z'],
    ] as const) {
      expect(instantOf(value)).toEqual({ ok: true, values: { f4: instant } });
    }
  });

  it('reads back any instant it has written', () => {
    const instants = fc.date({
      min: new Date('0001-01-01T00:00:00Z'),
      max: new Date('9999-12-31T23:59:59Z'),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(instants, (date) => {
        const value = date.toISOString();
        expect(checkValues(FIELDS, { Datetime: value }, 'name')).toEqual({ ok: true, values: { f4: value } });
      }),
    );
  });

  it('names every fault at once, of unknown fields as well', () => {
    const faults = faultsOf({ Text: 1, Nope: 1, Number: 'x', ['__proto__x']: 1 });
    expect(faults.map(({ path }) => path)).toEqual(['Text', 'Nope', 'Number', '__proto__x']);
    expect(faults[1]?.message).toBe('the table has no field with this name');
  });

  it('lists the options in its message, at most ten of them', () => {
    const options = Array.from({ length: 12 }, (_, index) => `o${index}`);
    const checked = checkValues([{ id: 'f', name: 'S', type: 'select', options }], { S: 'x' }, 'name');
    expect(checked).toMatchObject({ errors: [{ message: expect.stringMatching(/"o9" …$/) }] });
  });
});

describe('mergeValues', () => {
  const state = fc.dictionary(fc.constantFrom('a', 'b', 'c'), fc.jsonValue() as fc.Arbitrary<JsonValue>);

  it('lets an edit win over what was stored, and null take the value away', () => {
    expect(mergeValues({ a: 1, b: 2, c: 3 }, { b: null, c: 4, d: 5 })).toEqual({ a: 1, c: 4, d: 5 });
  });

  it('never keeps a null, and merging the same edit again changes nothing', () => {
    fc.assert(
      fc.property(state, state, (stored, edits) => {
        const merged = mergeValues(stored, edits);
        expect(Object.values(merged)).not.toContain(null);
        expect(mergeValues(merged, edits)).toEqual(merged);
      }),
    );
  });

  it('leaves its inputs as they are', () => {
    const stored = { a: 1 };
    const edits = { a: null };
    mergeValues(stored, edits);
    expect([stored, edits]).toEqual([{ a: 1 }, { a: null }]);
  });
});

describe('keyValues', () => {
  it('keys values by name or id and leaves out those of deleted fields', () => {
    const values = { f2: 2, f1: 'x', deleted: 1 };
    expect(keyValues(FIELDS, values, 'name')).toEqual({ Text: 'x', Number: 2 });
    expect(keyValues(FIELDS, values, 'id')).toEqual({ f1: 'x', f2: 2 });
  });

  it('undoes what checking did, for every value that is not null', () => {
    fc.assert(
      fc.property(fc.string(), fc.integer(), fc.boolean(), (Text, Number, Boolean) => {
        const given = { Text, Number, Boolean };
        const checked = checkValues(FIELDS, given, 'name');
        expect(checked.ok && keyValues(FIELDS, checked.values, 'name')).toEqual(given);
      }),
    );
  });
});
