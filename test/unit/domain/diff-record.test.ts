import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject, JsonValue } from '../../../src/contracts/json.ts';
import { diffRecord } from '../../../src/domain/diff-record.ts';
import { mergeValues } from '../../../src/domain/field-values.ts';
import { jsonEqual } from '../../../src/domain/json-equal.ts';

const FIELDS = ['a', 'b', 'c', 'd'].map((id) => ({ id, name: id.toUpperCase() }));

/** A stored state: a field without a value is absent, never null. */
const state = fc
  .dictionary(fc.constantFrom('a', 'b', 'c', 'd'), fc.jsonValue() as fc.Arbitrary<JsonValue>)
  .map((values) => mergeValues({}, values));

describe('diffRecord', () => {
  it('gives changes that turn the previous state into the new one when they are applied to it', () => {
    fc.assert(
      fc.property(state, state, (previous, record) => {
        const changes = diffRecord(FIELDS, previous, record);
        const edits = Object.fromEntries(changes.map(({ fieldId, to }) => [fieldId, to]));
        expect(jsonEqual(mergeValues(previous, edits), record)).toBe(true);
        const undo = Object.fromEntries(changes.map(({ fieldId, from }) => [fieldId, from]));
        expect(jsonEqual(mergeValues(record, undo), previous)).toBe(true);
      }),
    );
  });

  it('finds nothing between a state and itself, and never a field whose sides are equal', () => {
    fc.assert(
      fc.property(state, state, (previous, record) => {
        expect(diffRecord(FIELDS, record, { ...record })).toEqual([]);
        for (const { from, to } of diffRecord(FIELDS, previous, record)) {
          expect(jsonEqual(from, to)).toBe(false);
        }
      }),
    );
  });

  it('agrees with merging: the fields it names are those an edit gave another value', () => {
    fc.assert(
      fc.property(
        state,
        fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd'), fc.jsonValue() as fc.Arbitrary<JsonValue>),
        (stored, edits) => {
          const named = diffRecord(FIELDS, stored, mergeValues(stored, edits)).map(({ fieldId }) => fieldId);
          const differing = FIELDS.map(({ id }) => id).filter(
            (id) => id in edits && !jsonEqual(edits[id] ?? null, stored[id] ?? null),
          );
          expect(named).toEqual(differing);
        },
      ),
    );
  });

  it('takes null as the state before a create and after a delete', () => {
    const record: JsonObject = { a: 'x', c: false };
    expect(diffRecord(FIELDS, null, record)).toEqual([
      { fieldId: 'a', fieldName: 'A', from: null, to: 'x' },
      { fieldId: 'c', fieldName: 'C', from: null, to: false },
    ]);
    expect(diffRecord(FIELDS, record, null)).toEqual([
      { fieldId: 'a', fieldName: 'A', from: 'x', to: null },
      { fieldId: 'c', fieldName: 'C', from: false, to: null },
    ]);
  });

  it('names changes in the order of the fields and leaves out values of fields the table does not have', () => {
    const changes = diffRecord(FIELDS, {}, { d: 1, gone: 1, a: 1 });
    expect(changes.map(({ fieldId }) => fieldId)).toEqual(['a', 'd']);
  });
});
