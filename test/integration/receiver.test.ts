import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CreatedWebhook } from '../../src/contracts/webhook.ts';
import type { ReceiverHandler } from '../../src/receiver/create-receiver.ts';
import { createReceiver } from '../../src/receiver/create-receiver.ts';
import type { WebhookEvent } from '../../src/receiver/event.ts';
import type { DeliveryFacts } from '../../src/receiver/verify-signature.ts';
import type { Tablehook } from '../support/tablehook.ts';
import { startTablehook } from '../support/tablehook.ts';
import { until } from '../support/until.ts';

interface Task {
  Title: string;
  Status: 'pending' | 'completed';
}

describe('a receiver that Tablehook delivers to', () => {
  const taken: { event: WebhookEvent<Task>; delivery: DeliveryFacts }[] = [];
  let tablehook: Tablehook;
  let webhook: CreatedWebhook;
  let tableId: string;
  let receive: ReceiverHandler;
  let failures = 0;
  const server = createServer((request, response) => receive(request, response));

  beforeAll(async () => {
    tablehook = await startTablehook();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    ({ id: tableId } = await tablehook.createTable());
    webhook = await tablehook.createWebhook(tableId, {
      url: `http://127.0.0.1:${port}/`,
      retry: { initialMs: 50, jitter: 0 },
    });
    receive = createReceiver<Task>({
      secrets: webhook.secret,
      onError: () => undefined,
      onEvent: (event, delivery) => {
        failures -= 1;
        if (failures >= 0) throw new Error('not yet');
        taken.push({ event, delivery });
      },
    });
  });
  afterAll(async () => {
    server.closeAllConnections();
    server.close();
    await tablehook.stop();
  });

  it('hands over a created, an updated and a deleted record, typed', async () => {
    const record = await tablehook.createRecord(tableId, { Title: 'Ship 🚢', Status: 'pending' });
    await tablehook.deliveryOf(record.changeId, webhook.id);
    const updated = await tablehook.updateRecord(tableId, record.id, { Status: 'completed' });
    await tablehook.deliveryOf(updated.changeId, webhook.id);
    const path = `/v1/tables/${tableId}/records/${record.id}`;
    const { headers } = await tablehook.call('DELETE', path);
    await tablehook.deliveryOf(headers.get('tablehook-change-id'), webhook.id);
    const told = taken.splice(0).map(({ event }) => {
      if (event.type === 'record.created') return event.items[0].record.Title;
      if (event.type === 'record.deleted') return event.items[0].previous.Status;
      return event.items[0].changes.map(({ fieldName, from, to }) => ({ fieldName, from, to }));
    });
    expect(told).toEqual([
      'Ship 🚢',
      [{ fieldName: 'Status', from: 'pending', to: 'completed' }],
      'completed',
    ]);
  });

  it('is sent again what its handler failed on, and hands it over once when it is redelivered', async () => {
    failures = 1;
    const { changeId } = await tablehook.createRecord(tableId);
    const delivery = await tablehook.deliveryOf(changeId, webhook.id);
    expect(delivery.attempts.map(({ status }) => status)).toEqual([500, 200]);
    expect(taken).toMatchObject([{ delivery: { deliveryId: delivery.id, attempt: 2, replay: false } }]);
    await tablehook.call('POST', `/v1/deliveries/${delivery.id}/redeliver`);
    const { attempts } = await until(async () => {
      const found = await tablehook.getDelivery(delivery.id);
      return found.state === 'delivered' && found.attemptCount === 3 && found;
    });
    expect(attempts.at(-1)?.responseBody).toBe('handled before\n');
    expect(taken).toHaveLength(1);
  });
});
