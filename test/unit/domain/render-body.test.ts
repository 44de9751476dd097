import { describe, expect, it } from 'vitest';
import type { RenderableChange, ShapeOptions } from '../../../src/domain/render-body.ts';
import { renderBody } from '../../../src/domain/render-body.ts';

const CHANGE: RenderableChange = {
  id: 'chg_1',
  type: 'record.updated',
  timestamp: '2026-01-31T09:30:00.000Z',
  operatorId: 'ana',
  source: { kind: 'api', requestId: 'req', hops: 0 },
  table: { id: 'tbl_1', name: 'Customers', schemaVersion: 3 },
  recordId: 'rec_1',
  recordVersion: 7,
  fieldNames: { fld_1: 'Stage', fld_2: 'Näme "x"' },
  previous: { fld_1: 'pending', fld_2: 'é' },
  record: { fld_1: 'completed' },
  changes: [
    { fieldId: 'fld_1', fieldName: 'Stage', from: 'pending', to: 'completed' },
    { fieldId: 'fld_2', fieldName: 'Näme "x"', from: 'é', to: null },
  ],
};
const WEBHOOK = { id: 'whk_1', name: 'CRM' };

describe('renderBody', () => {
  it('writes exactly these bytes, which receivers have stored and signed: they must never change', () => {
    expect(renderBody(CHANGE, WEBHOOK)).toBe(
      '{"version":1,"id":"chg_1","type":"record.updated","timestamp":"2026-01-31T09:30:00.000Z",' +
        '"operatorId":"ana","source":{"kind":"api","requestId":"req","hops":0},' +
        '"table":{"id":"tbl_1","name":"Customers","schemaVersion":3},"webhook":{"id":"whk_1","name":"CRM"},' +
        '"items":[{"recordId":"rec_1","recordVersion":7,' +
        '"previous":{"Stage":"pending","Näme \\"x\\"":"é"},"record":{"Stage":"completed"},' +
        '"changes":[{"fieldId":"fld_1","fieldName":"Stage","from":"pending","to":"completed"},' +
        '{"fieldId":"fld_2","fieldName":"Näme \\"x\\"","from":"é","to":null}]}]}',
    );
  });

  it('writes the same bytes whatever order the stored values have, and whatever else the webhook holds', () => {
    const turned = { ...CHANGE, previous: { fld_2: 'é', fld_1: 'pending' } };
    const rest = { ...WEBHOOK, url: 'https://secret.example', secret: 'whsec_x' };
    expect(renderBody(turned, rest)).toBe(renderBody(CHANGE, WEBHOOK));
  });

  it('writes null for the state before a create and after a delete', () => {
    const items = (change: RenderableChange) =>
      (JSON.parse(renderBody(change, WEBHOOK)) as { items: unknown[] }).items[0];
    expect(items({ ...CHANGE, type: 'record.created', previous: null })).toMatchObject({ previous: null });
    expect(items({ ...CHANGE, type: 'record.deleted', record: null })).toMatchObject({ record: null });
  });

  it('leaves out values of fields that had no name when the change was written', () => {
    const body = renderBody({ ...CHANGE, record: { fld_1: 'completed', fld_old: 'gone' } }, WEBHOOK);
    expect(body).not.toContain('gone');
  });

  describe('with options', () => {
    const item = (options: ShapeOptions) =>
      (JSON.parse(renderBody(CHANGE, WEBHOOK, options)) as { items: Record<string, unknown>[] }).items[0];

    it('writes the same bytes for options that say nothing else than the defaults', () => {
      const defaults = { keys: 'name', includePrevious: true, idsOnly: false } as const;
      expect(renderBody(CHANGE, WEBHOOK, defaults)).toBe(renderBody(CHANGE, WEBHOOK));
    });

    it('holds only the fields asked for, in both states and in the changes', () => {
      expect(item({ fields: ['fld_2', 'fld_gone'] })).toMatchObject({
        previous: { 'Näme "x"': 'é' },
        record: {},
        changes: [{ fieldId: 'fld_2' }],
      });
      expect(item({ fields: ['fld_gone'] })).toMatchObject({ previous: {}, record: {}, changes: [] });
    });

    it('keys values by field id', () => {
      expect(item({ keys: 'id' })).toMatchObject({
        previous: { fld_1: 'pending', fld_2: 'é' },
        record: { fld_1: 'completed' },
        changes: CHANGE.changes,
      });
    });

    it('leaves out what was before: absent, not null', () => {
      expect(item({ includePrevious: false })).toEqual({
        recordId: 'rec_1',
        recordVersion: 7,
        record: { Stage: 'completed' },
        changes: [
          { fieldId: 'fld_1', fieldName: 'Stage', to: 'completed' },
          { fieldId: 'fld_2', fieldName: 'Näme "x"', to: null },
        ],
      });
    });

    it('tells of the record nothing but its id and version', () => {
      expect(item({ idsOnly: true })).toEqual({ recordId: 'rec_1', recordVersion: 7 });
    });
  });
});
