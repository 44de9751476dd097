import type { ServerResponse } from 'node:http';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { CreatedWebhook } from '../../src/contracts/webhook.ts';
import type { BatchResult } from '../../src/contracts/record.ts';
import type { Delivery } from '../../src/contracts/delivery.ts';
import type { Page } from '../../src/contracts/page.ts';
import type { Receiver } from '../support/receiver.ts';
import { startReceiver } from '../support/receiver.ts';
import type { Tablehook } from '../support/tablehook.ts';
import { startTablehook } from '../support/tablehook.ts';
import { until } from '../support/until.ts';

const TURNS = 32;

describe('an endpoint that takes its time', () => {
  let tablehook: Tablehook;
  let receiver: Receiver;
  let open: ServerResponse[];
  let tableId: string;
  let webhook: CreatedWebhook;

  beforeAll(async () => {
    tablehook = await startTablehook({ reconcileEveryMs: 300 });
  });
  afterAll(async () => tablehook.stop());

  beforeEach(async () => {
    receiver = await startReceiver();
    open = [];
    receiver.answerAlways((_request, response) => void open.push(response));
    tableId = (await tablehook.createTable()).id;
    webhook = await tablehook.createWebhook(tableId, { url: receiver.url, retry: { timeoutMs: 60_000 } });
  });
  afterEach(async () => receiver.close());

  const write = async (count: number): Promise<void> => {
    const operations = Array.from({ length: count }, (_, index) => ({
      op: 'create',
      values: { Title: `${index}` },
    }));
    await tablehook.call<BatchResult>('POST', `/v1/tables/${tableId}/records/batch`, { operations });
  };
  const deliveriesThat = async (state: string): Promise<Delivery[]> => {
    const path = `/v1/deliveries?webhookId=${webhook.id}&state=${state}&limit=200`;
    return (await tablehook.call<Page<Delivery>>('GET', path)).body.data;
  };
  const answerAll = () => {
    receiver.answerAlways({ status: 200 });
    for (const response of open.splice(0)) response.writeHead(200).end();
  };
  const untilBusy = async () => {
    await write(TURNS);
    await until(async () => open.length === TURNS);
    // Longer than anybody waits for a turn: from now on what is written goes in line.
    await new Promise((resolve) => {
      setTimeout(resolve, 2_100);
    });
  };

  it('has at most 32 calls at a time; the others wait in line, say why, and go as turns become free', async () => {
    await untilBusy();
    await write(40);
    await until(async () => (await deliveriesThat('waiting')).length === 40);
    const waiting = await deliveriesThat('waiting');
    expect(new Set(waiting.map(({ waitReason }) => waitReason))).toEqual(new Set(['endpoint-busy']));
    expect(waiting.every(({ attemptCount }) => attemptCount === 0)).toBe(true);
    expect(receiver.received).toHaveLength(TURNS);
    answerAll();
    await until(async () => (await deliveriesThat('delivered')).length === TURNS + 40);
    expect(new Set(receiver.received.map(({ headers }) => headers['webhook-id'])).size).toBe(TURNS + 40);
    expect(receiver.received).toHaveLength(TURNS + 40);
    expect(await deliveriesThat('waiting')).toEqual([]);
  });

  it('ends what waits in line when its webhook is deleted', async () => {
    await untilBusy();
    await write(5);
    await until(async () => (await deliveriesThat('waiting')).length === 5);
    await tablehook.call('DELETE', `/v1/webhooks/${webhook.id}`);
    expect(await deliveriesThat('waiting')).toEqual([]);
    expect((await deliveriesThat('cancelled')).length).toBeGreaterThanOrEqual(5);
    answerAll();
    await until(async () => (await deliveriesThat('delivering')).length === 0);
  });

  it('holds what waits in line when its webhook is disabled meanwhile, and lets it go when it is enabled', async () => {
    await untilBusy();
    await write(5);
    await until(async () => (await deliveriesThat('waiting')).length === 5);
    await tablehook.call('PATCH', `/v1/webhooks/${webhook.id}`, { enabled: false });
    answerAll();
    await until(async () => {
      const waiting = await deliveriesThat('waiting');
      return waiting.length === 5 && waiting.every(({ waitReason }) => waitReason === 'disabled');
    });
    await tablehook.call('PATCH', `/v1/webhooks/${webhook.id}`, { enabled: true });
    await until(async () => (await deliveriesThat('delivered')).length === TURNS + 5);
  });

  // The last one: it replaces the worker.
  it('lets its line go although the worker that knew of it is gone', async () => {
    await untilBusy();
    await write(10);
    await until(async () => (await deliveriesThat('waiting')).length === 10);
    receiver.answerAlways({ status: 200 });
    await tablehook.worker.stop();
    await tablehook.addWorker();
    // The reconciler leaves a delivery alone for a minute; the test does not wait that long.
    const { models } = tablehook.services;
    await models.deliveries.updateMany(
      { webhookId: webhook.id, state: 'waiting' },
      { $set: { verifyAt: new Date(0) } },
    );
    await until(async () => (await deliveriesThat('delivered')).length === TURNS + 10);
  });
});
