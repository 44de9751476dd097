import type { RenderableChange } from '../../../../src/domain/render-body.ts';
import { toBody } from '../../../../src/domain/render-body.ts';

/** An update of one record, with a value of every kind. */
export const CHANGE: RenderableChange = {
  id: 'chg_1',
  type: 'record.updated',
  timestamp: '2026-01-31T09:30:00.000Z',
  operatorId: 'ana',
  source: { kind: 'api', requestId: 'req', hops: 0 },
  table: { id: 'tbl_1', name: 'Tasks', schemaVersion: 3 },
  recordId: 'rec_1',
  recordVersion: 7,
  fieldNames: { fld_1: 'Title', fld_2: 'Stage', fld_3: 'Due', fld_4: 'Tags', fld_5: 'Done', fld_6: 'Extra' },
  titleField: 'fld_1',
  previous: { fld_1: 'Ship', fld_2: 'pending', fld_4: ['a'], fld_6: { a: 1 } },
  record: {
    fld_1: 'Ship',
    fld_2: 'completed',
    fld_3: '2026-02-01T08:05:00.000Z',
    fld_4: ['a', 'b'],
    fld_5: true,
  },
  changes: [
    { fieldId: 'fld_2', fieldName: 'Stage', from: 'pending', to: 'completed' },
    { fieldId: 'fld_3', fieldName: 'Due', from: null, to: '2026-02-01T08:05:00.000Z' },
    { fieldId: 'fld_4', fieldName: 'Tags', from: ['a'], to: ['a', 'b'] },
    { fieldId: 'fld_5', fieldName: 'Done', from: null, to: true },
    { fieldId: 'fld_6', fieldName: 'Extra', from: { a: 1 }, to: null },
  ],
};

export const WEBHOOK = { id: 'whk_1', name: 'CRM' };

/** The change as an event, its title as given. */
export function eventOf(title: string) {
  return toBody({ ...CHANGE, record: { ...CHANGE.record, fld_1: title } }, WEBHOOK);
}
