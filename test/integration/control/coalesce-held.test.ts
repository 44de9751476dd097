import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Problem } from '../../../src/contracts/problem.ts';
import type { CreatedWebhook } from '../../../src/contracts/webhook.ts';
import type { Receiver } from '../../support/receiver.ts';
import { startReceiver } from '../../support/receiver.ts';
import type { Tablehook } from '../../support/tablehook.ts';
import { startTablehook } from '../../support/tablehook.ts';
import { until } from '../../support/until.ts';

const MINUTE = { waitMs: 60_000, maxWaitMs: 60_000 };

describe('edits that wait to be merged', () => {
  let tablehook: Tablehook;
  let receiver: Receiver;
  let tableId: string;
  let webhook: CreatedWebhook;

  beforeAll(async () => {
    tablehook = await startTablehook();
  });
  afterAll(async () => tablehook.stop());
  beforeEach(async () => {
    receiver = await startReceiver();
    tableId = (await tablehook.createTable()).id;
    webhook = await tablehook.createWebhook(tableId, {
      url: receiver.url,
      events: ['record.updated'],
      retry: { initialMs: 6_000, jitter: 0 },
    });
  });
  afterEach(async () => receiver.close());

  const path = () => `/v1/webhooks/${webhook.id}`;
  const coalesce = async (waitMs: number, more: object = {}) =>
    tablehook.call('PATCH', path(), { delivery: { coalesce: { waitMs, maxWaitMs: waitMs * 2 }, ...more } });
  const newRecord = async () => (await tablehook.createRecord(tableId, { Count: 0 })).id;
  const edit = async (recordId: string, count: number) => {
    const { changeId } = await tablehook.updateRecord(tableId, recordId, { Count: count });
    return changeId ?? '';
  };
  const counts = () =>
    receiver.received.map(({ event }) => event.items[0]?.changes.map(({ from, to }) => [from, to])[0]);
  const stateOf = async (changeId: string, ...states: Parameters<Tablehook['deliveryOf']>[2][]) =>
    tablehook.deliveryOf(changeId, webhook.id, ...states);
  const untilDue = async (changeId: string) => {
    const { nextAttemptAt } = await stateOf(changeId, 'waiting');
    await until(async () => Date.now() > Date.parse(nextAttemptAt ?? ''));
  };

  it('are sent, once and together, after the worker was restarted meanwhile', async () => {
    await coalesce(12_000);
    const recordId = await newRecord();
    const first = await edit(recordId, 1);
    await stateOf(first, 'waiting');
    await stateOf(await edit(recordId, 2), 'waiting');
    await tablehook.worker.stop();
    const last = await edit(recordId, 3);
    expect(receiver.received).toEqual([]);
    tablehook.worker = await tablehook.addWorker();
    const delivery = await stateOf(last, 'delivered');
    expect(delivery).toMatchObject({ changeId: first, attemptCount: 1 });
    expect(counts()).toEqual([[0, 3]]);
  });

  it('go at once when the webhook does not merge any more', async () => {
    await tablehook.call('PATCH', path(), { delivery: { coalesce: MINUTE } });
    const recordId = await newRecord();
    const first = await edit(recordId, 1);
    await stateOf(first, 'waiting');
    await edit(recordId, 2);
    await until(async () => (await stateOf(first, 'waiting')).mergedChangeIds.length === 1);
    await tablehook.call('PATCH', path(), { delivery: { coalesce: null } });
    await stateOf(first, 'delivered');
    await stateOf(await edit(recordId, 3), 'delivered');
    expect(counts()).toEqual([
      [0, 2],
      [2, 3],
    ]);
  });

  it('wait on while the webhook is paused; an edit made after their time is another delivery', async () => {
    await coalesce(3_000);
    await tablehook.call('POST', `${path()}/pause`);
    const recordId = await newRecord();
    const first = await edit(recordId, 1);
    await stateOf(first, 'waiting');
    const merged = await edit(recordId, 2);
    await untilDue(merged);
    const later = await edit(recordId, 3);
    await untilDue(later);
    expect(await stateOf(later, 'waiting')).toMatchObject({ waitReason: 'coalescing', changeId: later });
    expect(receiver.received).toEqual([]);
    await tablehook.call('POST', `${path()}/resume`);
    expect(await stateOf(merged, 'delivered')).toMatchObject({ changeId: first });
    await stateOf(later, 'delivered');
    expect(counts().toSorted((one, other) => Number(one?.[0]) - Number(other?.[0]))).toEqual([
      [0, 2],
      [2, 3],
    ]);
  });

  it('do not make what was parked go faster than somebody chose when they resumed', async () => {
    await coalesce(100);
    await tablehook.call('POST', `${path()}/pause`);
    const recordIds = await Promise.all(Array.from({ length: 12 }, newRecord));
    const parked = await Promise.all(recordIds.map(async (recordId) => edit(recordId, 1)));
    await Promise.all(parked.map(untilDue));
    await tablehook.call('POST', `${path()}/pause`);
    for (const id of parked) await until(async () => (await stateOf(id, 'waiting')).waitReason === 'paused');
    await tablehook.call('POST', `${path()}/resume`, { ratePerSecond: 1 });
    const resumedAt = Date.now();
    await until(async () => receiver.received.length > 0);
    await stateOf(await edit(recordIds[0] ?? '', 2), 'delivered');
    const heard = receiver.received.length;
    expect(heard).toBeLessThanOrEqual(2 + (Date.now() - resumedAt) / 1_000);
    expect(heard).toBeLessThan(12);
  });

  it('are probed with when they are due and the endpoint fails', async () => {
    await coalesce(1_500);
    const health = { 'health.circuit': 'open', 'health.failingSince': new Date(), 'health.failures': 5 };
    const probeAt = new Date(Date.now() + 3_500);
    await tablehook.services.models.webhooks.updateOne(
      { _id: webhook.id },
      { $set: { ...health, 'health.probeAt': probeAt } },
    );
    tablehook.worker.waker.wake(webhook.id);
    const recordId = await newRecord();
    const undone = await newRecord();
    const changeIds = [await edit(undone, 1), await edit(undone, 0), await edit(recordId, 1)];
    await stateOf(changeIds[2] ?? '', 'delivered');
    expect(await stateOf(changeIds[0] ?? '', 'cancelled')).toMatchObject({ cancelReason: 'undone' });
    expect(counts()).toEqual([[0, 1]]);
  });

  it('keep the order of their record: what is sent again goes first', async () => {
    await coalesce(1_000, { order: 'record' });
    receiver.answerNext({ status: 503 });
    const recordId = await newRecord();
    const first = await edit(recordId, 1);
    await stateOf(first, 'retrying');
    const second = await edit(recordId, 2);
    await until(async () => (await stateOf(second, 'waiting')).waitReason === 'earlier-change');
    const undone = [await edit(recordId, 3), await edit(recordId, 2)];
    expect(await stateOf(undone[0] ?? '', 'cancelled')).toMatchObject({ cancelReason: 'undone' });
    const last = await edit(recordId, 4);
    await stateOf(last, 'delivered');
    expect(counts()).toEqual([
      [0, 1],
      [0, 1],
      [1, 2],
      [2, 4],
    ]);
  });

  it('are cancelled with their webhook', async () => {
    await tablehook.call('PATCH', path(), { delivery: { coalesce: MINUTE } });
    const first = await edit(await newRecord(), 1);
    await stateOf(first, 'waiting');
    await tablehook.call('DELETE', path());
    expect(await stateOf(first, 'cancelled')).toMatchObject({ cancelReason: 'webhook-deleted' });
  });

  it('are asked for with waits that make sense', async () => {
    const bad = [
      { waitMs: 1_000, maxWaitMs: 500 },
      { waitMs: -1, maxWaitMs: 500 },
      { waitMs: 100.5, maxWaitMs: 500 },
      { waitMs: 1_000 },
      { waitMs: 1_000, maxWaitMs: 86_400_001 },
      { waitMs: 1_000, maxWaitMs: 2_000, until: 'later' },
    ];
    for (const policy of bad) {
      const delivery = { coalesce: policy };
      const body = { name: 'CRM', url: receiver.url, events: ['record.*'], delivery };
      expect((await tablehook.call('POST', `/v1/tables/${tableId}/webhooks`, body)).status).toBe(400);
      expect((await tablehook.call('PATCH', path(), { delivery })).status).toBe(400);
    }
    const { body } = await tablehook.call<Problem>('PATCH', path(), { delivery: { coalesce: bad[0] } });
    expect(body.errors).toMatchObject([{ message: 'must not be less than waitMs' }]);
  });
});
