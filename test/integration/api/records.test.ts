import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Problem } from '../../../src/contracts/problem.ts';
import type { TableRecord, WrittenRecord } from '../../../src/contracts/record.ts';
import type { Table } from '../../../src/contracts/table.ts';
import type { Tablehook } from '../../support/tablehook.ts';
import { startTablehook } from '../../support/tablehook.ts';

const FIELDS = [
  { name: 'Title', type: 'text' },
  { name: 'Count', type: 'number' },
  { name: 'Done', type: 'boolean' },
  { name: 'Due', type: 'datetime' },
  { name: 'Status', type: 'select', options: ['pending', 'completed'] },
  { name: 'Tags', type: 'multiSelect', options: ['a', 'b'] },
  { name: 'Extra', type: 'json' },
];
const VALUES = {
  Title: 'Ship it – now 🚢',
  Count: -12.5,
  Done: false,
  Due: '2026-01-31T09:30:00+02:00',
  Status: 'pending',
  Tags: ['b', 'a'],
  Extra: { list: [1, null, { deep: '$' }], empty: {} },
};
const STORED = { ...VALUES, Due: '2026-01-31T07:30:00.000Z' };

describe('records', () => {
  let tablehook: Tablehook;
  let table: Table;
  let records: string;
  beforeAll(async () => {
    tablehook = await startTablehook();
    table = (await tablehook.call<Table>('POST', '/v1/tables', { name: 'Tasks', fields: FIELDS })).body;
    records = `/v1/tables/${table.id}/records`;
  });
  afterAll(async () => tablehook.stop());

  const create = (values: unknown = {}) => tablehook.call<WrittenRecord>('POST', records, { values });
  const idsOf = (values: Record<string, unknown>) =>
    Object.fromEntries(table.fields.map(({ id, name }) => [id, values[name]]));

  it('answers a write with the documented shape, and reads a value of each type back', async () => {
    const created = await create(VALUES);
    expect(created.status).toBe(201);
    expect(created.body).toEqual({
      id: expect.stringMatching(/^rec_/),
      tableId: table.id,
      version: 1,
      values: STORED,
      createdAt: expect.stringMatching(/Z$/),
      updatedAt: created.body.createdAt,
      changeId: expect.stringMatching(/^chg_/),
      workflow: null,
    });
    const target = `${records}/${created.body.id}`;
    expect([created.headers.get('etag'), created.headers.get('location')]).toEqual(['"1"', target]);
    const { changeId: _, workflow: __, ...record } = created.body;
    const read = await tablehook.call<TableRecord>('GET', target);
    expect([read.status, read.body, read.headers.get('etag')]).toEqual([200, record, '"1"']);
  });

  it('links each write that somebody hears of to its workflow', async () => {
    const heard = await tablehook.createTable();
    await tablehook.createWebhook(heard.id, { url: 'http://127.0.0.1:9/hook' });
    const { changeId, workflow } = await tablehook.createRecord(heard.id);
    const url = `http://temporal.test/namespaces/default/workflows/${changeId}`;
    expect(workflow).toEqual({ id: changeId, url });
  });

  it('keys values by field id with ?keys=id, on the way in and out', async () => {
    const byId = idsOf(VALUES);
    const created = await tablehook.call<WrittenRecord>('POST', `${records}?keys=id`, { values: byId });
    expect(created.body.values).toEqual(idsOf(STORED));
    const target = `${records}/${created.body.id}`;
    expect((await tablehook.call<TableRecord>('GET', target)).body.values).toEqual(STORED);
    expect((await tablehook.call<TableRecord>('GET', `${target}?keys=id`)).body.values).toEqual(
      idsOf(STORED),
    );
    const [title] = table.fields;
    const updated = await tablehook.call<WrittenRecord>('PATCH', `${target}?keys=id`, {
      values: { [title?.id ?? '']: 'New' },
    });
    expect(updated.body.values).toEqual(idsOf({ ...STORED, Title: 'New' }));
    expect((await tablehook.call('PATCH', `${target}?keys=id`, { values: { Title: 'x' } })).status).toBe(400);
  });

  it('merges an update, clears with null, and counts versions', async () => {
    const { body } = await create({ Title: 'Ship', Count: 1 });
    const target = `${records}/${body.id}`;
    const updated = await tablehook.call<WrittenRecord>('PATCH', target, {
      values: { Title: null, Done: true },
    });
    expect(updated.status).toBe(200);
    expect(updated.body).toMatchObject({ id: body.id, version: 2, createdAt: body.createdAt });
    expect(updated.body.values).toEqual({ Count: 1, Done: true });
    expect(updated.headers.get('etag')).toBe('"2"');
    expect(updated.body.changeId).not.toBe(body.changeId);
    expect((await tablehook.call<TableRecord>('GET', target)).body.values).toEqual({ Count: 1, Done: true });
  });

  it('answers changeId null, and the same version, when nothing changed', async () => {
    const { body } = await create(VALUES);
    const target = `${records}/${body.id}`;
    const equal = {
      ...VALUES,
      Extra: { empty: {}, list: VALUES.Extra.list },
      Due: '2026-01-31T08:30:00+01:00',
    };
    for (const values of [{}, equal, { Title: VALUES.Title }]) {
      const same = await tablehook.call<WrittenRecord>('PATCH', target, { values });
      expect(same.status).toBe(200);
      expect(same.body).toMatchObject({
        version: 1,
        changeId: null,
        workflow: null,
        updatedAt: body.updatedAt,
      });
    }
    expect(
      (await tablehook.call<WrittenRecord>('PATCH', target, { values: { Tags: ['a', 'b'] } })).body.version,
    ).toBe(2);
  });

  it('makes a write conditional with If-Match: 412 unless the record has that version', async () => {
    const { body } = await create();
    const target = `${records}/${body.id}`;
    const write = (method: string, ifMatch: string, values?: unknown) =>
      tablehook.call<Problem>(method, target, values && { values }, { 'if-match': ifMatch });
    expect((await write('PATCH', '"1"', { Count: 1 })).status).toBe(200);
    const lost = await write('PATCH', '"1"', { Count: 2 });
    expect([lost.status, lost.body.code]).toEqual([412, 'precondition_failed']);
    expect((await write('DELETE', '"1"')).status).toBe(412);
    expect((await write('PATCH', '*', { Count: 3 })).status).toBe(200);
    for (const malformed of ['2', 'W/"2"', '"2", "3"', '"x"']) {
      expect((await write('PATCH', malformed, { Count: 4 })).status, malformed).toBe(400);
    }
    expect((await tablehook.call<TableRecord>('GET', target)).body).toMatchObject({
      version: 3,
      values: { Count: 3 },
    });
    expect((await write('DELETE', '"3"')).status).toBe(204);
  });

  it('lets no concurrent update be lost, though none names a version', async () => {
    const { body } = await create();
    const target = `${records}/${body.id}`;
    const edits = [{ Title: 'x' }, { Count: 1 }, { Done: true }, { Status: 'pending' }, { Tags: ['a'] }];
    const replies = await Promise.all(
      edits.map((values) => tablehook.call<WrittenRecord>('PATCH', target, { values })),
    );
    expect(replies.map(({ status }) => status)).toEqual(edits.map(() => 200));
    expect(replies.map(({ body: { version } }) => version).toSorted((a, b) => a - b)).toEqual([
      2, 3, 4, 5, 6,
    ]);
    expect((await tablehook.call<TableRecord>('GET', target)).body.values).toEqual(
      Object.assign({}, ...edits),
    );
  });

  it('deletes a record: 204 with the change in a header, 404 from then on', async () => {
    const { body } = await create({ Title: 'Ship' });
    const target = `${records}/${body.id}`;
    const removed = await tablehook.call('DELETE', `${target}?operatorId=ana`);
    expect([removed.status, removed.body]).toEqual([204, null]);
    const change = await tablehook.getChange(removed.headers.get('tablehook-change-id') ?? '');
    expect(change).toMatchObject({
      type: 'record.deleted',
      recordVersion: 2,
      operatorId: 'ana',
      previous: { Title: 'Ship' },
      record: null,
    });
    expect((await tablehook.call('GET', target)).status).toBe(404);
    expect((await tablehook.call('PATCH', target, { values: { Count: 1 } })).status).toBe(404);
    expect((await tablehook.call('DELETE', target)).status).toBe(404);
  });

  it('finds a record under its own table only', async () => {
    const { body } = await create();
    const other = await tablehook.createTable();
    const elsewhere = `/v1/tables/${other.id}/records/${body.id}`;
    expect((await tablehook.call('GET', elsewhere)).status).toBe(404);
    expect((await tablehook.call('PATCH', elsewhere, { values: {} })).status).toBe(404);
    expect((await tablehook.call('DELETE', elsewhere)).status).toBe(404);
  });

  it('refuses a record that would grow beyond 256 KiB: 413, and keeps what it was', async () => {
    const { body } = await create({ Title: 'x'.repeat(200_000) });
    const target = `${records}/${body.id}`;
    const grown = await tablehook.call<Problem>('PATCH', target, { values: { Extra: 'y'.repeat(70_000) } });
    expect([grown.status, grown.body.code]).toEqual([413, 'too_large']);
    expect((await tablehook.call<TableRecord>('GET', target)).body.version).toBe(1);
    const tooLarge = await tablehook.call<Problem>(
      'POST',
      records,
      `{"values":{"Title":"${'x'.repeat(1_100_000)}"}}`,
    );
    expect([tooLarge.status, tooLarge.body.code]).toEqual([413, 'too_large']);
  });

  it('takes the operator given, else the name of the key', async () => {
    const named = await tablehook.call<WrittenRecord>('POST', records, { values: {}, operatorId: 'ana' });
    const unnamed = await create();
    expect((await tablehook.getChange(named.body.changeId ?? '')).operatorId).toBe('ana');
    expect((await tablehook.getChange(unnamed.body.changeId ?? '')).operatorId).toBe('test');
  });
});
