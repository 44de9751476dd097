import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EventType } from '../../../src/contracts/change.ts';
import type { JsonObject } from '../../../src/contracts/json.ts';
import { diffRecord } from '../../../src/domain/diff-record.ts';
import { mergeChanges } from '../../../src/domain/merge-changes.ts';
import type { RenderableChange } from '../../../src/domain/render-body.ts';
import { renderBody } from '../../../src/domain/render-body.ts';

const NAMES = { fld_a: 'Title', fld_b: 'Stage', fld_c: 'Count' };

interface Step {
  version: number;
  previous: JsonObject | null;
  record: JsonObject | null;
  fieldNames?: Record<string, string>;
}

function changeOf({ version, previous, record, fieldNames = NAMES }: Step): RenderableChange {
  const fields = Object.entries(fieldNames).map(([id, name]) => ({ id, name }));
  const type = previous === null ? 'record.created' : record === null ? 'record.deleted' : 'record.updated';
  return {
    id: `chg_${version}`,
    type,
    timestamp: `2026-01-31T09:30:0${version % 10}.000Z`,
    operatorId: `operator ${version}`,
    source: { kind: 'api', requestId: `req ${version}`, hops: version },
    table: { id: 'tbl_1', name: `Customers ${version}`, schemaVersion: version },
    recordId: 'rec_1',
    recordVersion: version,
    fieldNames,
    previous,
    record,
    changes: diffRecord(fields, previous, record),
  };
}

/** The changes of one record that went through these states; null is where it did not exist. */
function historyOf(states: (JsonObject | null)[]): RenderableChange[] {
  return states.slice(1).map((record, index) => {
    const previous = states[index] ?? null;
    return changeOf({ version: index + 1, previous, record });
  });
}

const created = changeOf({ version: 1, previous: null, record: { fld_a: 'x' } });
const updated = changeOf({ version: 2, previous: { fld_a: 'x' }, record: { fld_a: 'y' } });
const updatedAgain = changeOf({
  version: 3,
  previous: { fld_a: 'y' },
  record: { fld_a: 'y', fld_b: 'done' },
});
const deleted = changeOf({ version: 4, previous: { fld_a: 'y', fld_b: 'done' }, record: null });

describe('mergeChanges', () => {
  it('leaves a change alone when it is first and last', () => {
    for (const change of [created, updated, deleted]) expect(mergeChanges(change, change)).toBe(change);
  });

  it('makes two updates one, from the state before the first to the state after the last', () => {
    expect(mergeChanges(updated, updatedAgain)).toEqual({
      ...updatedAgain,
      previous: { fld_a: 'x' },
      changes: [
        { fieldId: 'fld_a', fieldName: 'Title', from: 'x', to: 'y' },
        { fieldId: 'fld_b', fieldName: 'Stage', from: null, to: 'done' },
      ],
    });
  });

  it('makes a create and its updates a create with the last state', () => {
    const merged = mergeChanges(created, updatedAgain);
    expect(merged).toMatchObject({ id: 'chg_3', type: 'record.created', recordVersion: 3, previous: null });
    expect(merged?.record).toEqual({ fld_a: 'y', fld_b: 'done' });
    expect(merged?.changes.map(({ from, to }) => [from, to])).toEqual([
      [null, 'y'],
      [null, 'done'],
    ]);
  });

  it('makes updates and a delete a delete of what there was before them', () => {
    const merged = mergeChanges(updated, deleted);
    expect(merged).toMatchObject({ type: 'record.deleted', previous: { fld_a: 'x' }, record: null });
    expect(merged?.changes).toEqual([{ fieldId: 'fld_a', fieldName: 'Title', from: 'x', to: null }]);
  });

  it('has nothing to tell of a record that was created and deleted, or edited and put back', () => {
    expect(mergeChanges(created, deleted)).toBeNull();
    const back = changeOf({ version: 3, previous: { fld_a: 'y' }, record: { fld_a: 'x' } });
    expect(mergeChanges(updated, back)).toBeNull();
  });

  it('takes who, when, where and the version from the last change', () => {
    const { timestamp, operatorId, source, table, recordVersion } = updatedAgain;
    const expected = { id: 'chg_3', timestamp, operatorId, source, table, recordVersion };
    expect(mergeChanges(updated, updatedAgain)).toMatchObject(expected);
  });

  it('knows the fields of both, by their last names', () => {
    const renamed = changeOf({
      version: 3,
      previous: { fld_a: 'y', fld_old: 'kept' },
      record: { fld_a: 'y', fld_old: 'kept', fld_new: 1 },
      fieldNames: { fld_a: 'Name', fld_new: 'New' },
    });
    const first = changeOf({
      version: 2,
      previous: { fld_a: 'x', fld_old: 'kept' },
      record: { fld_a: 'y', fld_old: 'kept' },
      fieldNames: { fld_a: 'Title', fld_old: 'Old' },
    });
    const merged = mergeChanges(first, renamed);
    expect(merged?.changes.map(({ fieldName, from, to }) => [fieldName, from, to])).toEqual([
      ['Name', 'x', 'y'],
      ['Old', 'kept', null],
      ['New', null, 1],
    ]);
    const body = merged ? renderBody(merged, { id: 'whk_1', name: 'CRM' }) : '';
    const item = (JSON.parse(body) as { items: [{ previous: unknown; record: unknown }] }).items[0];
    expect(item.previous).toEqual({ Name: 'x', Old: 'kept' });
    expect(item.record).toEqual({ Name: 'y', New: 1 });
  });
});

const value = fc.constantFrom('x', 'y', 1);
const state = fc.record({ fld_a: value, fld_b: value, fld_c: value }, { requiredKeys: [] });
/** Edits, perhaps behind a create, perhaps before a delete. */
const history = fc
  .tuple(fc.boolean(), fc.array(state, { minLength: 2, maxLength: 6 }), fc.boolean())
  .map(([begins, states, ends]) =>
    historyOf([...(begins ? [null] : []), ...states, ...(ends ? [null] : [])]),
  );
const endsOf = (changes: RenderableChange[]) => {
  const first = changes[0];
  const last = changes.at(-1);
  if (!first || !last) throw new Error('no change');
  return { first, last };
};

describe('mergeChanges, of any edits of a record', () => {
  it('tells exactly what differs between the state before and the state after', () => {
    fc.assert(
      fc.property(history, (changes) => {
        const { first, last } = endsOf(changes);
        const merged = mergeChanges(first, last);
        if (!merged) return;
        expect([merged.previous, merged.record]).toEqual([first.previous, last.record]);
        const applied: JsonObject = { ...merged.previous };
        for (const { fieldId, to } of merged.changes) {
          if (to === null) delete applied[fieldId];
          else applied[fieldId] = to;
        }
        expect(applied).toEqual(last.record ?? {});
        expect(merged.changes.every(({ from, to }) => from !== to)).toBe(true);
      }),
    );
  });

  it('tells nothing exactly when the record ends as it began', () => {
    fc.assert(
      fc.property(history, (changes) => {
        const { first, last } = endsOf(changes);
        if (first === last) return;
        const same = diffRecord(
          Object.entries(NAMES).map(([id, name]) => ({ id, name })),
          first.previous,
          last.record,
        );
        const exists: [boolean, boolean] = [first.previous !== null, last.record !== null];
        const isUndone = exists[0] === exists[1] && same.length === 0;
        // A record created and deleted never was there, whatever it held.
        expect(mergeChanges(first, last) === null).toBe(isUndone || (!exists[0] && !exists[1]));
      }),
    );
  });

  it('comes to the same by merging step by step', () => {
    fc.assert(
      fc.property(history, (changes) => {
        const { first, last } = endsOf(changes);
        const stepwise = changes
          .slice(1)
          .reduce<RenderableChange | null>(
            (merged, change) => (merged ? mergeChanges(merged, change) : null),
            first,
          );
        // Edits undone half-way have no merged change to go on from.
        if (stepwise) expect(stepwise).toEqual(mergeChanges(first, last));
      }),
    );
  });

  it('says created, updated or deleted by how the record was found and left', () => {
    fc.assert(
      fc.property(history, (changes) => {
        const { first, last } = endsOf(changes);
        const merged = mergeChanges(first, last);
        const expected: Record<string, EventType> = {
          'false true': 'record.created',
          'true true': 'record.updated',
          'true false': 'record.deleted',
        };
        if (merged) {
          expect(merged.type).toBe(expected[`${first.previous !== null} ${last.record !== null}`]);
        }
      }),
    );
  });
});
