import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Problem } from '../../../src/contracts/problem.ts';
import type { TableRecord } from '../../../src/contracts/record.ts';
import type { Table } from '../../../src/contracts/table.ts';
import { startReceiver } from '../../support/receiver.ts';
import type { Tablehook } from '../../support/tablehook.ts';
import { startTablehook } from '../../support/tablehook.ts';
import { until } from '../../support/until.ts';

const FIELDS = [
  { name: 'Title', type: 'text' },
  { name: 'Count', type: 'number' },
  { name: 'Done', type: 'boolean' },
  { name: 'Due', type: 'datetime' },
  { name: 'Status', type: 'select', options: ['pending', 'completed'] },
  { name: 'Tags', type: 'multiSelect', options: ['a', 'b'] },
  { name: 'Extra', type: 'json' },
];

describe('tables', () => {
  let tablehook: Tablehook;
  beforeAll(async () => {
    tablehook = await startTablehook();
  });
  afterAll(async () => tablehook.stop());

  const edit = (table: Table, body: unknown) =>
    tablehook.call<Table & Problem>('PATCH', `/v1/tables/${table.id}`, body);
  const readRecord = async (table: Table, recordId: string) =>
    (await tablehook.call<TableRecord>('GET', `/v1/tables/${table.id}/records/${recordId}`)).body;

  it('answers exactly the documented shape, with a field of each type, and reads the same back', async () => {
    const created = await tablehook.call<Table>('POST', '/v1/tables', { name: ' Tasks ', fields: FIELDS });
    expect(created.status).toBe(201);
    expect(created.body).toEqual({
      id: expect.stringMatching(/^tbl_/),
      name: 'Tasks',
      system: false,
      schemaVersion: 1,
      fields: FIELDS.map((field) => ({ id: expect.stringMatching(/^fld_/), ...field })),
      createdAt: expect.stringMatching(/Z$/),
      updatedAt: created.body.createdAt,
    });
    expect(created.headers.get('location')).toBe(`/v1/tables/${created.body.id}`);
    const read = await tablehook.call<Table>('GET', `/v1/tables/${created.body.id}`);
    expect([read.status, read.body]).toEqual([200, created.body]);
  });

  it('takes a table without fields, and no ids for new fields', async () => {
    const bare = await tablehook.call<Table>('POST', '/v1/tables', { name: 'Bare' });
    expect([bare.status, bare.body.fields]).toEqual([201, []]);
    const given = [{ id: (await tablehook.createTable()).fields[0]?.id, name: 'A', type: 'text' }];
    const refused = await tablehook.call<Problem>('POST', '/v1/tables', { name: 'T', fields: given });
    expect(refused.status).toBe(400);
    expect(refused.body.errors[0]?.path).toBe('fields.0.id');
  });

  it('renames a field by its id: values stay, and the schema version grows', async () => {
    const table = await tablehook.createTable();
    const record = await tablehook.createRecord(table.id, { Title: 'Ship', Count: 1 });
    const fields = table.fields.map((field) => (field.name === 'Title' ? { ...field, name: 'Name' } : field));
    const renamed = await edit(table, { fields });
    expect(renamed.status).toBe(200);
    expect(renamed.body).toMatchObject({ id: table.id, name: table.name, schemaVersion: 2, fields });
    expect((await readRecord(table, record.id)).values).toEqual({ Name: 'Ship', Count: 1 });
    const stale = await tablehook.call<Problem>('PATCH', `/v1/tables/${table.id}/records/${record.id}`, {
      values: { Title: 'x' },
    });
    expect([stale.status, stale.body.errors[0]?.path]).toEqual([400, 'values.Title']);
  });

  it('adds fields without an id and deletes those left out, whose values are gone at once', async () => {
    const table = await tablehook.createTable();
    const record = await tablehook.createRecord(table.id, { Title: 'Ship', Count: 1 });
    const kept = table.fields.filter(({ name }) => name !== 'Count');
    const edited = await edit(table, { fields: [{ name: 'Owner', type: 'text' }, ...kept] });
    expect(edited.body.fields).toEqual([
      { id: expect.stringMatching(/^fld_/), name: 'Owner', type: 'text' },
      ...kept,
    ]);
    expect((await readRecord(table, record.id)).values).toEqual({ Title: 'Ship' });
    const again = await edit(table, { fields: [...kept, { name: 'Count', type: 'number' }] });
    expect(again.body.schemaVersion).toBe(3);
    expect((await readRecord(table, record.id)).values).toEqual({ Title: 'Ship' });
  });

  it('changes the options of a select, and keeps values that are no option any more', async () => {
    const table = await tablehook.createTable();
    const record = await tablehook.createRecord(table.id, { Status: 'pending' });
    const fields = table.fields.map((field) =>
      field.name === 'Status' ? { ...field, options: ['completed', 'archived'] } : field,
    );
    expect((await edit(table, { fields })).status).toBe(200);
    const updated = await tablehook.updateRecord(table.id, record.id, { Title: 'x' });
    expect(updated.values).toEqual({ Status: 'pending', Title: 'x' });
    const target = `/v1/tables/${table.id}/records/${record.id}`;
    expect((await tablehook.call('PATCH', target, { values: { Status: 'archived' } })).status).toBe(200);
    expect((await tablehook.call('PATCH', target, { values: { Status: 'pending' } })).status).toBe(400);
  });

  it('refuses to give a kept field another type, one it does not have, or one twice: 422, and nothing changes', async () => {
    const table = await tablehook.createTable();
    const other = await tablehook.createTable();
    const [title, ...rest] = table.fields;
    for (const [fields, path] of [
      [[{ ...title, type: 'number' }, ...rest], 'fields.0.type'],
      [
        [...table.fields, other.fields[0]].map((field, index) => ({ ...field, name: `F${index}` })),
        'fields.3.id',
      ],
      [[title, { ...title, name: 'Twice' }, ...rest], 'fields.1.id'],
    ] as const) {
      const refused = await edit(table, { fields });
      expect([refused.status, refused.body.code]).toEqual([422, 'unprocessable']);
      expect(refused.body.errors.map((error) => error.path)).toEqual([path]);
    }
    expect((await tablehook.call<Table>('GET', `/v1/tables/${table.id}`)).body).toEqual(table);
  });

  it('renames a table without a new schema version', async () => {
    const table = await tablehook.createTable();
    const renamed = await edit(table, { name: 'Jobs' });
    expect(renamed.body).toMatchObject({ name: 'Jobs', schemaVersion: 1, fields: table.fields });
    expect((await tablehook.call<Table>('GET', `/v1/tables/${table.id}`)).body.name).toBe('Jobs');
  });

  it('deletes a table with its records and webhooks, and tells nobody', async () => {
    const table = await tablehook.createTable();
    const record = await tablehook.createRecord(table.id);
    const webhook = await tablehook.createWebhook(table.id, { url: 'http://127.0.0.1:9/hook' });
    const target = `/v1/tables/${table.id}`;
    expect((await tablehook.call('DELETE', target)).status).toBe(204);
    for (const path of [target, `${target}/records/${record.id}`, `${target}/records`, `${target}/changes`]) {
      expect((await tablehook.call('GET', path)).status, path).toBe(404);
    }
    expect((await tablehook.call('GET', `/v1/webhooks/${webhook.id}`)).status).toBe(404);
    expect((await tablehook.call('DELETE', target)).status).toBe(404);
    expect(await tablehook.listDeliveries(`webhookId=${webhook.id}`)).toEqual([]);
  });

  it('does not delete a table with an open delivery (409) unless forced, which cancels it', async () => {
    const receiver = await startReceiver();
    receiver.answerAlways({ status: 503 });
    const table = await tablehook.createTable();
    const retry = { initialMs: 3_600_000 };
    const webhook = await tablehook.createWebhook(table.id, { url: receiver.url, retry });
    const { changeId } = await tablehook.createRecord(table.id);
    const delivery = await tablehook.deliveryOf(changeId, webhook.id, 'retrying');
    const target = `/v1/tables/${table.id}`;
    for (const path of [target, `${target}?force=false`]) {
      const refused = await tablehook.call<Problem>('DELETE', path);
      expect([refused.status, refused.body.code]).toEqual([409, 'conflict']);
    }
    expect((await tablehook.call('GET', target)).status).toBe(200);
    expect((await tablehook.call('DELETE', `${target}?force=true`)).status).toBe(204);
    expect(await tablehook.getDelivery(delivery.id)).toMatchObject({
      state: 'cancelled',
      nextAttemptAt: null,
    });
    await until(async () => !(await tablehook.worker.workflows.isRunning(changeId ?? '')), {
      what: 'the end of the workflow',
    });
    await receiver.close();
  });
});
