import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Problem } from '../../src/contracts/problem.ts';
import type { WrittenRecord } from '../../src/contracts/record.ts';
import type { Reply } from '../support/client.ts';
import type { Receiver } from '../support/receiver.ts';
import { startReceiver } from '../support/receiver.ts';
import type { Tablehook } from '../support/tablehook.ts';
import { startTablehook } from '../support/tablehook.ts';

const WRITERS = 12;

describe('writers that race', () => {
  let tablehook: Tablehook;
  let receiver: Receiver;

  beforeAll(async () => {
    tablehook = await startTablehook();
    receiver = await startReceiver();
  });
  afterAll(async () => {
    await receiver.close();
    await tablehook.stop();
  });

  const race = async <T>(run: (writer: number) => Promise<T>) =>
    Promise.all(Array.from({ length: WRITERS }, async (_, writer) => run(writer)));
  const versionsOf = async (recordId: string) => {
    const docs = await tablehook.services.models.changes.find({ recordId }).sort({ recordVersion: 1 }).lean();
    return docs.map(({ recordVersion }) => recordVersion);
  };
  const upTo = (last: number) => Array.from({ length: last }, (_, index) => index + 1);
  const patch = async (record: WrittenRecord, writer: number, headers: Record<string, string> = {}) =>
    tablehook.call<WrittenRecord | Problem>(
      'PATCH',
      `/v1/tables/${record.tableId}/records/${record.id}`,
      { values: { Count: writer + 1 } },
      headers,
    );

  it('are answered each for itself: one that is refused spoils none of those it shares a transaction with', async () => {
    const table = await tablehook.createTable();
    const writeOne = async (writer: number) => {
      const values = writer % 3 === 0 ? { Count: 'many' } : { Count: writer };
      const recordId = writer % 3 === 1 ? '/rec_01h455vb4pex5vsknk084sn02q' : '';
      const method = recordId === '' ? 'POST' : 'PATCH';
      return tablehook.call(method, `/v1/tables/${table.id}/records${recordId}`, { values });
    };
    const statuses = (await race(writeOne)).map(({ status }) => status);
    expect(statuses).toEqual(statuses.map((_, writer) => [400, 404, 201][writer % 3]));
    const records = await tablehook.services.models.records.find({ tableId: table.id }).lean();
    const written = records
      .flatMap(({ values }) => Object.values(values))
      .toSorted((a, b) => Number(a) - Number(b));
    expect(written).toEqual(
      upTo(WRITERS)
        .map((n) => n - 1)
        .filter((writer) => writer % 3 === 2),
    );
  });

  it('all succeed without If-Match, each with a version and a change of its own', async () => {
    const table = await tablehook.createTable();
    const webhook = await tablehook.createWebhook(table.id, { url: receiver.url });
    const record = await tablehook.createRecord(table.id, { Count: 0 });
    const replies = await race(async (writer) => patch(record, writer));
    expect(replies.map(({ status }) => status)).toEqual(replies.map(() => 200));
    const written = replies.map(({ body }) => body as WrittenRecord);
    expect(new Set(written.map(({ version }) => version))).toEqual(new Set(upTo(WRITERS + 1).slice(1)));
    expect(written.map(({ values }) => values['Count'])).toEqual(upTo(WRITERS));
    expect(new Set(written.map(({ changeId }) => changeId)).size).toBe(WRITERS);
    expect(await versionsOf(record.id)).toEqual(upTo(WRITERS + 1));
    // Each change tells what it changed from: the state the one before it left.
    for (const { changeId } of written) await tablehook.deliveryOf(changeId, webhook.id);
    const items = receiver.received
      .flatMap(({ event }) => event.items)
      .filter(({ recordId }) => recordId === record.id)
      .toSorted((one, other) => one.recordVersion - other.recordVersion);
    expect(items.map(({ recordVersion }) => recordVersion)).toEqual(upTo(WRITERS + 1));
    expect(items.slice(1).map(({ previous }) => previous)).toEqual(
      items.slice(0, -1).map((item) => item.record),
    );
  });

  it('have one winner when they name the same version by If-Match, and the others get 412', async () => {
    const table = await tablehook.createTable();
    const record = await tablehook.createRecord(table.id, { Count: 0 });
    const replies = await race(async (writer) => patch(record, writer, { 'if-match': '"1"' }));
    expect(replies.map(({ status }) => status).toSorted((one, other) => one - other)).toEqual([
      200,
      ...Array.from({ length: WRITERS - 1 }, () => 412),
    ]);
    expect(await versionsOf(record.id)).toEqual([1, 2]);
    const winner = replies.find(({ status }) => status === 200)?.body as WrittenRecord;
    const now = await tablehook.call<WrittenRecord>('GET', `/v1/tables/${table.id}/records/${record.id}`);
    expect(now.body).toMatchObject({ version: 2, values: winner.values });
  });

  it('make one record under one Idempotency-Key: the same 201 for each, or 409 while it is being made', async () => {
    const table = await tablehook.createTable();
    const key = { 'idempotency-key': randomUUID() };
    const path = `/v1/tables/${table.id}/records`;
    const post = async (): Promise<Reply<WrittenRecord | Problem>> =>
      tablehook.call('POST', path, { values: { Title: 'Once' } }, key);
    const replies = await race(post);
    const made = replies.filter(({ status }) => status === 201);
    expect(made.length).toBeGreaterThan(0);
    for (const { body } of made) expect(body).toEqual(made[0]?.body);
    for (const { status, body } of replies) {
      if (status !== 201) expect(body).toMatchObject({ status: 409, code: 'idempotency_in_progress' });
    }
    expect(await tablehook.services.models.records.countDocuments({ tableId: table.id })).toBe(1);
    expect(await tablehook.services.models.changes.countDocuments({ tableId: table.id })).toBe(1);
    const repeated = await post();
    expect([repeated.status, repeated.body]).toEqual([201, made[0]?.body]);
  });
});
