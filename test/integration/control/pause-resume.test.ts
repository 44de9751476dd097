import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { BatchResult } from '../../../src/contracts/record.ts';
import type { CreatedWebhook, ResumedWebhook, Webhook } from '../../../src/contracts/webhook.ts';
import type { WebhookHealth } from '../../../src/contracts/webhook-health.ts';
import type { Receiver } from '../../support/receiver.ts';
import { startReceiver } from '../../support/receiver.ts';
import type { Tablehook } from '../../support/tablehook.ts';
import { startTablehook } from '../../support/tablehook.ts';
import { until } from '../../support/until.ts';

describe('a paused webhook', () => {
  let tablehook: Tablehook;
  let receiver: Receiver;
  let tableId: string;
  let webhook: CreatedWebhook;

  beforeAll(async () => {
    tablehook = await startTablehook({ reconcileEveryMs: 500 });
  });
  afterAll(async () => tablehook.stop());
  beforeEach(async () => {
    receiver = await startReceiver();
    tableId = (await tablehook.createTable()).id;
    webhook = await tablehook.createWebhook(tableId, {
      url: receiver.url,
      retry: { initialMs: 200, jitter: 0 },
    });
  });
  afterEach(async () => receiver.close());

  const pause = async (body: object = {}) =>
    tablehook.call<Webhook>('POST', `/v1/webhooks/${webhook.id}/pause`, body);
  const resume = async (body: object = {}) =>
    tablehook.call<ResumedWebhook>('POST', `/v1/webhooks/${webhook.id}/resume`, body);
  const health = async () =>
    (await tablehook.call<WebhookHealth>('GET', `/v1/webhooks/${webhook.id}/health`)).body;
  const write = async (count: number): Promise<string[]> => {
    const operations = Array.from({ length: count }, (_, index) => ({
      op: 'create',
      values: { Title: String(index).padStart(4, '0') },
    }));
    const path = `/v1/tables/${tableId}/records/batch`;
    const { body } = await tablehook.call<BatchResult>('POST', path, { operations });
    return body.results.map(({ changeId }) => changeId ?? '');
  };
  const waiting = async (count: number) =>
    until(async () => (await health()).waiting === count, { what: `${count} waiting` });
  const titles = () => receiver.received.map(({ event }) => event.items[0]?.record?.['Title']);

  it('says so with its reason, holds what is new, and sends it in order when it is resumed', async () => {
    const paused = await pause({ reason: 'the CRM is being moved' });
    expect(paused.status).toBe(200);
    expect(paused.body).toMatchObject({ status: 'paused', statusReason: 'the CRM is being moved' });
    const changeIds = await write(120);
    await waiting(120);
    expect(receiver.received).toEqual([]);
    const held = await tablehook.deliveryOf(changeIds[5] ?? '', webhook.id, 'waiting');
    expect(held).toMatchObject({ waitReason: 'paused', attemptCount: 0, nextAttemptAt: null });
    const resumed = await resume();
    expect(resumed.status).toBe(202);
    expect(resumed.body).toMatchObject({ waiting: 120, webhook: { status: 'active', statusReason: null } });
    await until(async () => receiver.received.length === 120);
    await waiting(0);
    const ids = receiver.received.map(({ headers }) => headers['webhook-id']);
    expect(new Set(ids).size).toBe(120);
    // Calls in flight together may overtake each other on their way; they begin oldest change first.
    const docs = await tablehook.services.models.deliveries
      .find({ webhookId: webhook.id })
      .sort({ changeId: 1 })
      .lean();
    const begun = docs.map(({ attempts }) => attempts[0]?.startedAt.getTime() ?? 0);
    expect(begun).toEqual(begun.toSorted((one, other) => one - other));
    expect(await tablehook.deliveryOf(changeIds[5] ?? '', webhook.id)).toMatchObject({ attemptCount: 1 });
    await until(async () => (await health()).resuming === null);
  });

  it('holds what is being retried from its next attempt on, and burns no attempt', async () => {
    receiver.answerAlways({ status: 503 });
    const { changeId } = await tablehook.createRecord(tableId);
    await tablehook.deliveryOf(changeId, webhook.id, 'retrying');
    await pause();
    const held = await tablehook.deliveryOf(changeId, webhook.id, 'waiting');
    expect(held.waitReason).toBe('paused');
    receiver.answerAlways({ status: 200 });
    await resume();
    const delivered = await tablehook.deliveryOf(changeId, webhook.id);
    expect(delivered.attemptCount).toBe(held.attemptCount + 1);
  });

  it('lets go at the rate asked for, newer deliveries behind, and shows how far it is', async () => {
    await pause();
    await write(12);
    await waiting(12);
    const startedAt = Date.now();
    await resume({ ratePerSecond: 2 });
    await until(async () => receiver.received.length >= 2);
    const { changeId } = await tablehook.createRecord(tableId, { Title: 'newest' });
    const behind = await tablehook.deliveryOf(changeId, webhook.id, 'waiting');
    expect(behind.waitReason).toBe('resuming');
    const { resuming } = await health();
    expect(resuming).toMatchObject({ total: 12, ratePerSecond: 2 });
    expect(resuming?.released).toBeGreaterThan(0);
    await until(async () => receiver.received.length === 13);
    expect(titles().at(-1)).toBe('newest');
    // 12 at 2/s leave in 5.5 s; a clock's tick may be missing.
    expect(Date.now() - startedAt).toBeGreaterThan(5_350);
  });

  it('stays paused over a restart, and goes on letting go after one', async () => {
    await pause();
    await write(20);
    await waiting(20);
    await resume({ ratePerSecond: 5 });
    await until(async () => receiver.received.length >= 3);
    const { worker } = tablehook;
    await worker.stop();
    const before = receiver.received.length;
    expect(before).toBeLessThan(20);
    tablehook.worker = await tablehook.addWorker();
    const heard = () => new Set(receiver.received.map(({ headers }) => headers['webhook-id']));
    await until(async () => heard().size === 20);
    await waiting(0);
  });

  it('is paused again in the middle of letting go, and keeps what is left', async () => {
    await pause();
    await write(20);
    await waiting(20);
    await resume({ ratePerSecond: 5 });
    await until(async () => receiver.received.length >= 2);
    await pause();
    await until(async () => {
      const { waiting: left, open } = await health();
      return left === open && left + receiver.received.length === 20;
    });
    const left = (await health()).waiting;
    expect(left).toBeGreaterThan(0);
    await resume();
    await until(async () => receiver.received.length === 20);
  });

  it('whose table has quiet days needs no attempt, no timer and no workflow for what it holds', async () => {
    await pause();
    const changeIds = await write(40);
    await waiting(40);
    const changes = await Promise.all(changeIds.map(async (id) => tablehook.getChange(id)));
    const shared = changes.filter(({ workflow }) => workflow?.id?.startsWith('shared/'));
    expect(shared.length).toBeGreaterThan(30);
    const docs = await tablehook.services.models.deliveries.find({ webhookId: webhook.id }).lean();
    expect(docs.every(({ verifyAt, attemptCount }) => verifyAt === null && attemptCount === 0)).toBe(true);
  });

  it('cancels what it holds when it is deleted', async () => {
    await pause();
    const changeIds = await write(30);
    await waiting(30);
    await tablehook.call('DELETE', `/v1/webhooks/${webhook.id}`);
    for (const changeId of changeIds) {
      const delivery = await tablehook.deliveryOf(changeId, webhook.id, 'cancelled');
      expect(delivery.cancelReason).toBe('webhook-deleted');
    }
    expect(receiver.received).toEqual([]);
  });

  it('refuses a reason or a rate that makes no sense, and is not to be had without the right to write', async () => {
    expect((await pause({ reason: '' })).status).toBe(400);
    expect((await pause({ why: 'x' })).status).toBe(400);
    expect((await resume({ ratePerSecond: 0 })).status).toBe(400);
    const reader = await tablehook.createKey({ name: 'reader', scopes: ['webhooks:read'] });
    const path = `/v1/webhooks/${webhook.id}/pause`;
    expect((await tablehook.as(reader.key).call('POST', path)).status).toBe(403);
    const missing = '/v1/webhooks/whk_01h455vb4pex5vsknk084sn02q/resume';
    expect((await tablehook.call('POST', missing)).status).toBe(404);
    expect((await health()).status).toBe('active');
  });
});

describe('a disabled webhook', () => {
  it('holds what it is owed, and sends it when it is enabled', async () => {
    const tablehook = await startTablehook();
    const receiver = await startReceiver();
    const { id: tableId } = await tablehook.createTable();
    const webhook = await tablehook.createWebhook(tableId, { url: receiver.url, retry: { initialMs: 100 } });
    receiver.answerAlways({ status: 503 });
    const { changeId } = await tablehook.createRecord(tableId);
    await tablehook.deliveryOf(changeId, webhook.id, 'retrying');
    await tablehook.call('PATCH', `/v1/webhooks/${webhook.id}`, { enabled: false });
    const held = await tablehook.deliveryOf(changeId, webhook.id, 'waiting');
    expect(held.waitReason).toBe('disabled');
    receiver.answerAlways({ status: 200 });
    await tablehook.call('PATCH', `/v1/webhooks/${webhook.id}`, { enabled: true });
    await tablehook.deliveryOf(changeId, webhook.id);
    await tablehook.stop();
    await receiver.close();
  });
});
