import type { ServerResponse } from 'node:http';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { BatchResult } from '../../../src/contracts/record.ts';
import type { Receiver } from '../../support/receiver.ts';
import { startReceiver } from '../../support/receiver.ts';
import type { Tablehook } from '../../support/tablehook.ts';
import { startTablehook } from '../../support/tablehook.ts';
import { until } from '../../support/until.ts';

/** Two clocks in one process may differ by this much. */
const CLOCK_TICK_MS = 20;

describe('a webhook with limits', () => {
  let tablehook: Tablehook;
  let receiver: Receiver;
  let tableId: string;
  let heardAt: number[];

  beforeAll(async () => {
    tablehook = await startTablehook({ reconcileEveryMs: 3_600_000 });
    await tablehook.addWorker();
  });
  afterAll(async () => tablehook.stop());
  beforeEach(async () => {
    receiver = await startReceiver();
    heardAt = [];
    receiver.answerAlways((_request, response) => {
      heardAt.push(performance.now());
      response.writeHead(200).end();
    });
    tableId = (await tablehook.createTable()).id;
  });
  afterEach(async () => receiver.close());

  const register = async (delivery: object, input: object = {}) =>
    tablehook.createWebhook(tableId, { url: receiver.url, delivery, ...input });
  const write = async (count: number): Promise<void> => {
    const operations = Array.from({ length: count }, () => ({ op: 'create', values: { Title: 'a' } }));
    const path = `/v1/tables/${tableId}/records/batch`;
    await tablehook.call<BatchResult>('POST', path, { operations });
  };
  const settled = async (webhookId: string, count: number) =>
    until(
      async () =>
        (await tablehook.listDeliveries(`webhookId=${webhookId}&state=delivered&limit=200`)).length === count,
      { what: `${count} delivered` },
    );
  /** No call came before its slot: the n-th one an interval after the one before, from when the first could be had. */
  const keepsRate = (ratePerSecond: number, startedAt: number) =>
    heardAt.every((at, place) => at >= startedAt + (place * 1_000) / ratePerSecond - CLOCK_TICK_MS);

  it('on the rate gets its calls no closer together than that, over all workers', async () => {
    const webhook = await register({ ratePerSecond: 10 });
    const startedAt = performance.now();
    await Promise.all([write(15), write(15)]);
    await settled(webhook.id, 30);
    expect(heardAt).toHaveLength(30);
    expect(keepsRate(10, startedAt)).toBe(true);
  });

  it('says that the rate is why a delivery waits', async () => {
    const webhook = await register({ ratePerSecond: 0.1 });
    await write(3);
    await until(async () => {
      const waiting = await tablehook.listDeliveries(`webhookId=${webhook.id}&state=waiting`);
      return waiting.length === 2 && waiting.every(({ waitReason }) => waitReason === 'rate-limited');
    });
  });

  it('below the rate is called at once, without a workflow of the line', async () => {
    const webhook = await register({ ratePerSecond: 100 });
    const { changeId } = await tablehook.createRecord(tableId);
    const delivery = await tablehook.deliveryOf(changeId, webhook.id);
    expect(delivery.attemptCount).toBe(1);
    expect(await tablehook.worker.workflows.isRunning(`wake/${webhook.id}`)).toBe(false);
  });

  it('on the rate holds its retries to it too', async () => {
    const webhook = await register({ ratePerSecond: 5 }, { retry: { initialMs: 20, factor: 1, jitter: 0 } });
    let calls = 0;
    const startedAt = performance.now();
    receiver.answerAlways((_request, response) => {
      heardAt.push(performance.now());
      calls += 1;
      response.writeHead(calls <= 6 ? 503 : 200).end();
    });
    await write(4);
    await settled(webhook.id, 4);
    expect(heardAt).toHaveLength(10);
    expect(keepsRate(5, startedAt)).toBe(true);
  });

  it('on calls in flight never has more of them, over all workers, and goes on as they end', async () => {
    const webhook = await register({ maxInFlight: 2 });
    const open: ServerResponse[] = [];
    let most = 0;
    receiver.answerAlways((_request, response) => {
      open.push(response);
      most = Math.max(most, open.length);
      setTimeout(() => {
        open.splice(open.indexOf(response), 1);
        response.writeHead(200).end();
      }, 40);
    });
    await Promise.all([write(20), write(20)]);
    await settled(webhook.id, 40);
    expect(most).toBe(2);
    expect(receiver.received).toHaveLength(40);
    await until(async () => {
      const doc = await tablehook.services.models.webhooks.findOne({ _id: webhook.id }).lean();
      return doc?.seats.length === 0;
    });
  });

  it('frees the seat of a worker that died within seconds', async () => {
    const webhook = await register({ maxInFlight: 1 });
    await tablehook.services.models.webhooks.updateOne(
      { _id: webhook.id },
      { $set: { seats: [{ token: 'dead', until: new Date(Date.now() + 5_000) }] } },
    );
    const { changeId } = await tablehook.createRecord(tableId);
    await tablehook.deliveryOf(changeId, webhook.id, 'waiting');
    await until(
      async () =>
        (await tablehook.deliveryOf(changeId, webhook.id, 'waiting', 'delivered')).state === 'delivered',
      { what: 'the delivery' },
    );
  });

  it('counts an edit from the next attempt on', async () => {
    const webhook = await register({ ratePerSecond: 0.1 });
    await write(10);
    await until(async () => heardAt.length === 1);
    await tablehook.call('PATCH', `/v1/webhooks/${webhook.id}`, { delivery: { ratePerSecond: null } });
    await settled(webhook.id, 10);
  });

  it('refuses limits that make no sense', async () => {
    const path = `/v1/tables/${tableId}/webhooks`;
    const input = { name: 'CRM', url: receiver.url, events: ['record.*'] };
    for (const delivery of [
      { ratePerSecond: 0 },
      { maxInFlight: 0 },
      { maxInFlight: 1.5 },
      { order: 'table' },
    ]) {
      expect((await tablehook.call('POST', path, { ...input, delivery })).status).toBe(400);
    }
  });
});
