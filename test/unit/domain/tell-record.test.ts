import { describe, expect, it } from 'vitest';
import type { EventType } from '../../../src/contracts/change.ts';
import type { JsonObject } from '../../../src/contracts/json.ts';
import { tellRecord } from '../../../src/domain/tell-record.ts';

const TABLE = {
  id: 'tbl_1',
  name: 'Tasks',
  schemaVersion: 3,
  fields: [
    { id: 'a', name: 'Title' },
    { id: 'b', name: 'Status' },
    { id: 'c', name: 'Count' },
  ],
};

const tell = (type: EventType, values: JsonObject, previous: JsonObject | null = null) =>
  tellRecord({
    told: {
      id: 'chg_1',
      type,
      timestamp: '2026-01-31T09:30:00.000Z',
      operatorId: 'ana',
      source: { kind: 'api', requestId: 'r', hops: 0 },
    },
    table: TABLE,
    record: { id: 'rec_1', version: 7, values, previous },
  });

describe('tellRecord', () => {
  it('tells of a creation as if the record had just come to be', () => {
    expect(tell('record.created', { a: 'Ship', b: 'done' }, { a: 'x' })).toEqual({
      id: 'chg_1',
      type: 'record.created',
      timestamp: '2026-01-31T09:30:00.000Z',
      operatorId: 'ana',
      source: { kind: 'api', requestId: 'r', hops: 0 },
      table: { id: 'tbl_1', name: 'Tasks', schemaVersion: 3 },
      recordId: 'rec_1',
      recordVersion: 7,
      fieldNames: { a: 'Title', b: 'Status' },
      previous: null,
      record: { a: 'Ship', b: 'done' },
      changes: [
        { fieldId: 'a', fieldName: 'Title', from: null, to: 'Ship' },
        { fieldId: 'b', fieldName: 'Status', from: null, to: 'done' },
      ],
    });
  });

  it('tells of a deletion as if the record had just been deleted', () => {
    expect(tell('record.deleted', { a: 'Ship' })).toMatchObject({
      previous: { a: 'Ship' },
      record: null,
      changes: [{ fieldId: 'a', fieldName: 'Title', from: 'Ship', to: null }],
    });
  });

  it('tells of an update what the record was before its latest one', () => {
    expect(tell('record.updated', { a: 'Ship' }, { a: 'Plan', c: 1 })).toMatchObject({
      fieldNames: { a: 'Title', c: 'Count' },
      previous: { a: 'Plan', c: 1 },
      record: { a: 'Ship' },
      changes: [
        { fieldId: 'a', from: 'Plan', to: 'Ship' },
        { fieldId: 'c', from: 1, to: null },
      ],
    });
  });

  it('tells of an update that set the last value, where the record never had one', () => {
    expect(tell('record.updated', { a: 'Ship', b: 'done' })).toMatchObject({
      previous: { a: 'Ship' },
      record: { a: 'Ship', b: 'done' },
      changes: [{ fieldId: 'b', from: null, to: 'done' }],
    });
  });

  it('tells of an update of nothing where there is no value at all', () => {
    expect(tell('record.updated', {})).toMatchObject({ previous: {}, record: {}, changes: [] });
  });
});
