import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ReportChangesResult } from '../../../src/contracts/change.ts';
import type { Problem } from '../../../src/contracts/problem.ts';
import type { Table } from '../../../src/contracts/table.ts';
import type { Receiver } from '../../support/receiver.ts';
import { startReceiver } from '../../support/receiver.ts';
import type { Tablehook } from '../../support/tablehook.ts';
import { startTablehook } from '../../support/tablehook.ts';

describe('reported changes', () => {
  let tablehook: Tablehook;
  let receiver: Receiver;
  beforeAll(async () => {
    tablehook = await startTablehook();
    receiver = await startReceiver();
  });
  afterAll(async () => {
    await tablehook.stop();
    await receiver.close();
  });

  const report = <T = ReportChangesResult>(table: Table, changes: unknown[], query = '') =>
    tablehook.call<T>('POST', `/v1/tables/${table.id}/changes${query}`, { changes });
  const countChanges = (table: Table) =>
    tablehook.services.models.changes.countDocuments({ tableId: table.id });
  const created = (changeKey: string, recordId: string, more = {}) => ({
    changeKey,
    type: 'record.created',
    recordId,
    record: { Title: changeKey },
    ...more,
  });

  it('reach webhooks as the same three event types, each with the states that were reported', async () => {
    const table = await tablehook.createTable('Invoices');
    const webhook = await tablehook.createWebhook(table.id, { url: receiver.url });
    const { status, body } = await report(table, [
      {
        changeKey: 'v1',
        type: 'record.created',
        recordId: 'inv-991',
        record: { Title: 'Ship', Count: null },
      },
      {
        changeKey: 'v2',
        type: 'record.updated',
        recordId: 'inv-991',
        record: { Title: 'Ship', Count: 2 },
        previous: { Title: 'Ship', Count: 1 },
        occurredAt: '2026-01-31T09:30:00+02:00',
        operatorId: 'ana',
      },
      { changeKey: 'v3', type: 'record.deleted', recordId: 'inv-991', previous: { Title: 'Ship', Count: 2 } },
    ]);
    expect(status).toBe(202);
    expect(body.results).toEqual(
      ['v1', 'v2', 'v3'].map((changeKey) => ({
        changeKey,
        changeId: expect.stringMatching(/^chg_/),
        duplicate: false,
      })),
    );
    for (const { changeId } of body.results) await tablehook.deliveryOf(changeId, webhook.id);
    const eventOf = (index: number) =>
      receiver.received.find(({ event }) => event.id === body.results[index]?.changeId)?.event;
    const source = { kind: 'ingest', requestId: expect.any(String), hops: 0 };
    expect(eventOf(0)).toMatchObject({
      type: 'record.created',
      operatorId: 'test',
      source,
      items: [{ recordId: 'inv-991', recordVersion: 1, previous: null, record: { Title: 'Ship' } }],
    });
    expect(eventOf(1)).toMatchObject({
      type: 'record.updated',
      timestamp: '2026-01-31T07:30:00.000Z',
      operatorId: 'ana',
      items: [
        {
          recordVersion: 2,
          previous: { Title: 'Ship', Count: 1 },
          record: { Title: 'Ship', Count: 2 },
          changes: [{ fieldId: table.fields[2]?.id, fieldName: 'Count', from: 1, to: 2 }],
        },
      ],
    });
    expect(eventOf(2)).toMatchObject({
      type: 'record.deleted',
      items: [{ recordVersion: 3, previous: { Title: 'Ship', Count: 2 }, record: null }],
    });
  });

  it('keep no record: what is kept elsewhere is not read here', async () => {
    const table = await tablehook.createTable();
    await report(table, [created('a', 'inv-1')]);
    const listed = await tablehook.call('GET', `/v1/tables/${table.id}/records`);
    expect(listed.body).toEqual({ data: [], nextCursor: null });
    expect((await tablehook.call('GET', `/v1/tables/${table.id}/records/inv-1`)).status).toBe(400);
  });

  it('answer a changeKey that was seen before with its change, whatever else the repeat says', async () => {
    const table = await tablehook.createTable();
    const first = await report(table, [created('a', 'inv-1')]);
    const changeId = first.body.results[0]?.changeId;
    const again = await report(table, [created('b', 'inv-1'), created('a', 'inv-2', { record: {} })]);
    expect(again.status).toBe(202);
    expect(again.body.results).toEqual([
      { changeKey: 'b', changeId: expect.stringMatching(/^chg_/), duplicate: false },
      { changeKey: 'a', changeId, duplicate: true },
    ]);
    expect(await countChanges(table)).toBe(2);
    const other = await tablehook.createTable();
    expect((await report(other, [created('a', 'inv-1')])).body.results[0]?.duplicate).toBe(false);
  });

  it('refuse one changeKey twice in a report, and a deleted record with a new state: 400', async () => {
    const table = await tablehook.createTable();
    for (const [changes, path] of [
      [[created('a', 'inv-1'), created('a', 'inv-2')], 'changes.1.changeKey'],
      [[created('a', 'inv-1', { previous: {} })], 'changes.0.previous'],
      [[{ changeKey: 'a', type: 'record.updated', recordId: 'x', record: {} }], 'changes.0.previous'],
      [[{ changeKey: 'a', type: 'record.deleted', recordId: 'x' }], 'changes.0.previous'],
      [[created('a', 'inv-1', { occurredAt: 'yesterday' })], 'changes.0.occurredAt'],
      [[created('a', 'inv-1', { recordVersion: 0 })], 'changes.0.recordVersion'],
      [[], 'changes'],
    ] as const) {
      const refused = await report<Problem>(table, [...changes]);
      expect([refused.status, refused.body.errors[0]?.path]).toEqual([400, path]);
    }
    expect(await countChanges(table)).toBe(0);
  });

  it('follow the last version known of their record, unless they name one', async () => {
    const table = await tablehook.createTable();
    const { body } = await report(table, [
      created('a', 'inv-1'),
      created('b', 'inv-1'),
      created('c', 'inv-2', { recordVersion: 7 }),
      created('d', 'inv-2'),
      created('e', 'inv-2', { recordVersion: 3 }),
      created('f', 'inv-2'),
    ]);
    const versions = [];
    for (const { changeId } of body.results) {
      versions.push((await tablehook.getChange(changeId ?? '')).recordVersion);
    }
    expect(versions).toEqual([1, 2, 7, 8, 3, 9]);
  });

  it('conflict (409) over a version that another change has, and nothing of the report is taken', async () => {
    const table = await tablehook.createTable();
    await report(table, [created('a', 'inv-1', { recordVersion: 4 })]);
    for (const changes of [
      [created('b', 'inv-9'), created('c', 'inv-1', { recordVersion: 4 })],
      [created('b', 'inv-9', { recordVersion: 1 }), created('c', 'inv-9', { recordVersion: 1 })],
    ]) {
      const refused = await report<Problem>(table, changes);
      expect([refused.status, refused.body.code]).toEqual([409, 'conflict']);
    }
    expect(await countChanges(table)).toBe(1);
    const same = await report(table, [created('a', 'inv-1', { recordVersion: 4 })]);
    expect(same.body.results[0]?.duplicate).toBe(true);
  });

  it('are all or nothing: one value that does not fit, and none is taken', async () => {
    const table = await tablehook.createTable();
    const bad = created('b', 'inv-2', { record: { Count: 'x', Nope: 1 } });
    const refused = await report<Problem>(table, [created('a', 'inv-1'), bad]);
    expect(refused.status).toBe(400);
    expect(refused.body.errors.map(({ path }) => path)).toEqual([
      'changes.1.record.Count',
      'changes.1.record.Nope',
    ]);
    const large = created('b', 'inv-2', { record: { Title: 'x'.repeat(263_000) } });
    expect((await report(table, [created('a', 'inv-1'), large])).status).toBe(413);
    expect(await countChanges(table)).toBe(0);
  });

  it('make no change of an update that changes nothing', async () => {
    const table = await tablehook.createTable();
    const states = { record: { Title: 'x' }, previous: { Title: 'x', Count: null } };
    const update = { changeKey: 'a', type: 'record.updated', recordId: 'inv-1', ...states };
    const { body } = await report(table, [update]);
    expect(body.results).toEqual([{ changeKey: 'a', changeId: null, duplicate: false }]);
    expect(await countChanges(table)).toBe(0);
  });

  it('take values by field id with ?keys=id', async () => {
    const table = await tablehook.createTable();
    const [title] = table.fields;
    const record = { [title?.id ?? '']: 'x' };
    const { body } = await report(table, [created('a', 'inv-1', { record })], '?keys=id');
    const change = await tablehook.getChange(body.results[0]?.changeId ?? '');
    expect(change.record).toEqual({ Title: 'x' });
  });

  it('of one record from several reporters at once get versions of their own', async () => {
    const table = await tablehook.createTable();
    const replies = await Promise.all(
      Array.from({ length: 4 }, (_, index) => report(table, [created(`k${index}`, 'inv-1')])),
    );
    expect(replies.map(({ status }) => status)).toEqual([202, 202, 202, 202]);
    const docs = await tablehook.services.models.changes.find({ tableId: table.id }).lean();
    expect(docs.map(({ recordVersion }) => recordVersion).toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4]);
  });
});
