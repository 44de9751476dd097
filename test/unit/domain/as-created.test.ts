import { describe, expect, it } from 'vitest';
import { asCreated } from '../../../src/domain/as-created.ts';
import type { RenderableChange } from '../../../src/domain/render-body.ts';

const change: RenderableChange = {
  id: 'chg_1',
  type: 'record.updated',
  timestamp: '2026-01-31T09:30:00.000Z',
  operatorId: 'ana',
  source: { kind: 'api', requestId: 'req-1', hops: 0 },
  table: { id: 'tbl_1', name: 'Tasks', schemaVersion: 3 },
  recordId: 'rec_1',
  recordVersion: 7,
  fieldNames: { fld_1: 'Title', fld_2: 'Status', fld_3: 'Note' },
  previous: { fld_1: 'Ship', fld_2: 'pending', fld_3: 'gone' },
  record: { fld_1: 'Ship', fld_2: 'completed' },
  changes: [
    { fieldId: 'fld_2', fieldName: 'Status', from: 'pending', to: 'completed' },
    { fieldId: 'fld_3', fieldName: 'Note', from: 'gone', to: null },
  ],
};

describe('asCreated', () => {
  it('tells every value the record has as new, and nothing of what was before', () => {
    expect(asCreated(change)).toEqual({
      ...change,
      type: 'record.created',
      previous: null,
      changes: [
        { fieldId: 'fld_1', fieldName: 'Title', from: null, to: 'Ship' },
        { fieldId: 'fld_2', fieldName: 'Status', from: null, to: 'completed' },
      ],
    });
  });

  it('leaves the change it is given as it was', () => {
    const before = structuredClone(change);
    asCreated(change);
    expect(change).toEqual(before);
  });
});
