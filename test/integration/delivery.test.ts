import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Receiver } from '../support/receiver.ts';
import { startReceiver } from '../support/receiver.ts';
import type { Tablehook } from '../support/tablehook.ts';
import { startTablehook } from '../support/tablehook.ts';

describe('a record change', () => {
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

  it('reaches the webhook of its table with the record before and after, and what changed', async () => {
    const table = await tablehook.createTable();
    const webhook = await tablehook.createWebhook(table.id, {
      url: receiver.url,
      events: ['record.updated'],
    });
    const created = await tablehook.createRecord(table.id, { Title: 'Ship', Status: 'pending' });
    const updated = await tablehook.updateRecord(table.id, created.id, { Status: 'completed' });
    const delivery = await tablehook.deliveryOf(updated.changeId, webhook.id);
    const got = receiver.received.filter(({ headers }) => headers['webhook-id'] === delivery.id);
    expect(got).toHaveLength(1);
    expect(got[0]?.event).toMatchObject({
      id: updated.changeId,
      type: 'record.updated',
      items: [
        {
          recordId: created.id,
          recordVersion: 2,
          previous: { Title: 'Ship', Status: 'pending' },
          record: { Title: 'Ship', Status: 'completed' },
          changes: [{ fieldName: 'Status', from: 'pending', to: 'completed' }],
        },
      ],
    });
    const { deliveries } = await tablehook.getChange(created.changeId ?? '');
    expect(deliveries).toEqual([]);
  });

  it('is tried again after a 503, and arrives with the same id and bytes', async () => {
    const table = await tablehook.createTable();
    const webhook = await tablehook.createWebhook(table.id, {
      url: receiver.url,
      retry: { initialMs: 50, jitter: 0 },
    });
    receiver.answerNext({ status: 503, body: 'busy' });
    const { changeId } = await tablehook.createRecord(table.id);
    const delivery = await tablehook.deliveryOf(changeId, webhook.id);
    const got = receiver.received.filter(({ headers }) => headers['webhook-id'] === delivery.id);
    expect(got.map(({ headers }) => headers['tablehook-attempt'])).toEqual(['1', '2']);
    expect(new Set(got.map(({ body }) => body)).size).toBe(1);
    expect(delivery.attempts.map(({ status, outcome }) => [status, outcome])).toEqual([
      [503, 'http-error'],
      [200, 'delivered'],
    ]);
  });
});
