import { describe, expect, it } from 'vitest';
import { FieldType } from '../../../src/contracts/table.ts';
import type { Field } from '../../../src/contracts/table.ts';
import { checkValues } from '../../../src/domain/field-values.ts';
import { toSampleChange } from '../../../src/domain/sample-change.ts';

const FIELDS: Field[] = FieldType.options.map((type, index) => ({
  id: `fld_${index}`,
  name: `The ${type}`,
  type,
  ...(type.toLowerCase().includes('select') && { options: ['one', 'two', 'three'] }),
}));
const TABLE = { id: 'tbl_1', name: 'Tasks', schemaVersion: 4, fields: FIELDS };
const INPUT = {
  table: TABLE,
  now: new Date('2026-03-01T00:00:00Z'),
  ids: { changeId: 'chg_1', recordId: 'rec_1' },
};

describe('toSampleChange', () => {
  it('gives every field a value that the field accepts, before and after', () => {
    const { previous, record } = toSampleChange({ ...INPUT, type: 'record.updated' });
    for (const state of [previous, record]) {
      expect(Object.keys(state ?? {})).toHaveLength(FIELDS.length);
      expect(checkValues(FIELDS, state ?? {}, 'id')).toEqual({ ok: true, values: state });
    }
  });

  it('changes every field in an update', () => {
    const { changes } = toSampleChange({ ...INPUT, type: 'record.updated' });
    expect(changes.map(({ fieldName }) => fieldName)).toEqual(FIELDS.map(({ name }) => name));
  });

  it('has nothing before a create and nothing after a delete', () => {
    const created = toSampleChange({ ...INPUT, type: 'record.created' });
    expect([created.previous, Object.keys(created.record ?? {}).length]).toEqual([null, FIELDS.length]);
    const deleted = toSampleChange({ ...INPUT, type: 'record.deleted' });
    expect([Object.keys(deleted.previous ?? {}).length, deleted.record]).toEqual([FIELDS.length, null]);
  });

  it('leaves a state empty where it is asked to', () => {
    const cleared = toSampleChange({ ...INPUT, type: 'record.updated', record: 'empty' });
    expect(cleared.record).toEqual({});
    expect(cleared.changes.every(({ to }) => to === null)).toBe(true);
    const bare = toSampleChange({ ...INPUT, type: 'record.deleted', previous: 'empty' });
    expect(bare).toMatchObject({ previous: {}, changes: [], fieldNames: {} });
  });

  it('changes also a field of a single option, and samples a table without fields', () => {
    const fields = FIELDS.map((field) => (field.options ? { ...field, options: ['only'] } : field));
    const table = { ...TABLE, fields };
    const { changes } = toSampleChange({ ...INPUT, table, type: 'record.updated' });
    expect(changes).toHaveLength(FIELDS.length);
    const bare = { ...TABLE, fields: [] };
    expect(toSampleChange({ ...INPUT, table: bare, type: 'record.updated' }).changes).toEqual([]);
  });

  it('says which change, record and table it is of', () => {
    expect(toSampleChange({ ...INPUT, type: 'record.deleted' })).toMatchObject({
      id: 'chg_1',
      type: 'record.deleted',
      timestamp: '2026-03-01T00:00:00.000Z',
      table: { id: 'tbl_1', name: 'Tasks', schemaVersion: 4 },
      recordId: 'rec_1',
      recordVersion: 3,
    });
  });
});
