import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Problem } from '../../src/contracts/problem.ts';
import type { WrittenRecord } from '../../src/contracts/record.ts';
import type { Receiver } from '../support/receiver.ts';
import { startReceiver } from '../support/receiver.ts';
import type { Tablehook } from '../support/tablehook.ts';
import { startTablehook } from '../support/tablehook.ts';
import { until } from '../support/until.ts';

describe('tablehook-hops', () => {
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

  it('is passed on one higher, and kept with the change', async () => {
    const table = await tablehook.createTable();
    const webhook = await tablehook.createWebhook(table.id, { url: receiver.url });
    for (const hops of [0, 3, 8]) {
      const written = await tablehook.call<WrittenRecord>(
        'POST',
        `/v1/tables/${table.id}/records`,
        { values: {} },
        { 'tablehook-hops': String(hops) },
      );
      expect(written.status).toBe(201);
      const { id } = await tablehook.deliveryOf(written.body.changeId, webhook.id);
      const got = receiver.received.find(({ headers }) => headers['webhook-id'] === id);
      expect(got?.headers['tablehook-hops']).toBe(String(hops + 1));
      expect(got?.event.source.hops).toBe(hops);
    }
  });

  it.each([
    ['POST', 'records', { values: {} }],
    ['POST', 'records/batch', { operations: [{ op: 'create' }] }],
    ['POST', 'changes', { changes: [{ changeKey: 'a', type: 'record.created', recordId: 'x', record: {} }] }],
    ['PATCH', 'records/:recordId', { values: {} }],
    ['DELETE', 'records/:recordId', undefined],
  ])('is refused beyond 8 by %s %s, and malformed: nothing is written', async (method, path, body) => {
    const table = await tablehook.createTable();
    const record = await tablehook.createRecord(table.id);
    const target = `/v1/tables/${table.id}/${path.replace(':recordId', record.id)}`;
    const send = (hops: string) => tablehook.call<Problem>(method, target, body, { 'tablehook-hops': hops });
    const looping = await send('9');
    expect([looping.status, looping.body.code]).toEqual([422, 'too_many_hops']);
    for (const malformed of ['-1', '1.5', 'many'])
      expect((await send(malformed)).status, malformed).toBe(400);
    expect(await tablehook.services.models.changes.countDocuments({ tableId: table.id })).toBe(1);
  });

  it('does not stand in the way of reading', async () => {
    const { status } = await tablehook.call('GET', '/v1/tables', undefined, { 'tablehook-hops': '9' });
    expect(status).toBe(200);
  });

  it('ends a loop through an endpoint that writes back what it hears', async () => {
    const table = await tablehook.createTable();
    const statuses: number[] = [];
    const echo = await startReceiver();
    echo.answerAlways((request, response) => {
      const headers = { 'tablehook-hops': String(request.headers['tablehook-hops']) };
      void tablehook
        .call('POST', `/v1/tables/${table.id}/records`, { values: {} }, headers)
        .then(({ status }) => statuses.push(status))
        .finally(() => response.end());
    });
    await tablehook.createWebhook(table.id, { url: echo.url });
    await tablehook.createRecord(table.id);
    await until(async () => statuses.length === 9, { what: 'the end of the loop' });
    expect(statuses.toSorted((a, b) => a - b)).toEqual([...Array.from({ length: 8 }, () => 201), 422]);
    await echo.close();
  });
});
