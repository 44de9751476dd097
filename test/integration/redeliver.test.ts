import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Delivery } from '../../src/contracts/delivery.ts';
import type { Problem } from '../../src/contracts/problem.ts';
import type { RequestContext } from '../../src/services/context.ts';
import { redeliverDelivery } from '../../src/services/deliveries/redeliver.ts';
import type { Receiver } from '../support/receiver.ts';
import { startReceiver } from '../support/receiver.ts';
import type { Tablehook } from '../support/tablehook.ts';
import { startTablehook } from '../support/tablehook.ts';
import { until } from '../support/until.ts';

const HOUR_MS = 3_600_000;

describe('redelivering', () => {
  let tablehook: Tablehook;
  const receivers: Receiver[] = [];
  beforeAll(async () => {
    tablehook = await startTablehook({ reconcileEveryMs: 200 });
  });
  afterAll(async () => {
    await tablehook.stop();
    for (const receiver of receivers) await receiver.close();
  });

  const endpoint = async () => {
    const receiver = await startReceiver();
    receivers.push(receiver);
    return receiver;
  };
  const fire = async (url: string, webhook: Record<string, unknown> = {}) => {
    const table = await tablehook.createTable();
    const retry = { initialMs: 50, factor: 1, jitter: 0 };
    const { id: webhookId } = await tablehook.createWebhook(table.id, { url, retry, ...webhook });
    const { id: recordId, changeId } = await tablehook.createRecord(table.id);
    return { tableId: table.id, webhookId, recordId, changeId: changeId ?? '' };
  };
  const redeliver = (id: string, body?: unknown) =>
    tablehook.call<Delivery>('POST', `/v1/deliveries/${id}/redeliver`, body);
  const refuse = (id: string, body?: unknown) =>
    tablehook.call<Problem>('POST', `/v1/deliveries/${id}/redeliver`, body);
  const settledAgain = (id: string, attemptCount: number) =>
    until(
      async () => {
        const found = await tablehook.getDelivery(id);
        return found.settledAt !== null && found.attemptCount >= attemptCount && found;
      },
      { what: 'the redelivery' },
    );

  it('sends a failed one again: same id, same bytes, its attempts counted on, marked as a replay', async () => {
    const receiver = await endpoint();
    receiver.answerNext({ status: 404 });
    const { changeId, webhookId } = await fire(receiver.url);
    const { id } = await tablehook.deliveryOf(changeId, webhookId, 'failed');
    const reply = await redeliver(id);
    expect(reply.status).toBe(202);
    expect(reply.body).toMatchObject({ id, changeId, webhookId, replay: true, failureReason: null });
    const delivery = await tablehook.deliveryOf(changeId, webhookId);
    expect(delivery).toMatchObject({ id, attemptCount: 2, replay: true, failureReason: null });
    expect(delivery.attempts.map(({ number, outcome }) => [number, outcome])).toEqual([
      [1, 'http-error'],
      [2, 'delivered'],
    ]);
    const [first, again] = receiver.received;
    expect(again?.body).toBe(first?.body);
    expect(again?.headers['webhook-id']).toBe(first?.headers['webhook-id']);
    expect(receiver.received.map(({ headers }) => headers['tablehook-replay'])).toEqual([undefined, 'true']);
    expect(receiver.received.map(({ headers }) => headers['tablehook-attempt'])).toEqual(['1', '2']);
  });

  it('sends a delivered one again, as often as it is asked to', async () => {
    const receiver = await endpoint();
    const { changeId, webhookId } = await fire(receiver.url);
    const { id } = await tablehook.deliveryOf(changeId, webhookId);
    for (const attemptCount of [2, 3]) {
      expect((await redeliver(id, {})).status).toBe(202);
      expect(await settledAgain(id, attemptCount)).toMatchObject({ state: 'delivered', attemptCount });
    }
    expect(new Set(receiver.received.map(({ body }) => body)).size).toBe(1);
  });

  it('sends a cancelled one again', async () => {
    const receiver = await endpoint();
    receiver.answerNext({ status: 503 });
    const { changeId, webhookId } = await fire(receiver.url, { retry: { initialMs: HOUR_MS } });
    const { id } = await tablehook.deliveryOf(changeId, webhookId, 'retrying');
    await tablehook.call('POST', `/v1/deliveries/${id}/cancel`);
    expect((await redeliver(id)).status).toBe(202);
    expect(await settledAgain(id, 2)).toMatchObject({ state: 'delivered', cancelReason: null });
  });

  it('begins the horizon anew', async () => {
    const receiver = await endpoint();
    receiver.answerAlways({ status: 503 });
    const retry = { initialMs: 2_500, factor: 1, jitter: 0, giveUpAfterMs: 3_000 };
    const { changeId, webhookId } = await fire(receiver.url, { retry });
    const { id, attemptCount } = await tablehook.deliveryOf(changeId, webhookId, 'failed');
    receiver.answerNext({ status: 503 });
    receiver.answerAlways({ status: 200 });
    await redeliver(id);
    // With the old horizon it would have been given up after its first attempt.
    expect(await settledAgain(id, attemptCount + 2)).toMatchObject({
      state: 'delivered',
      attemptCount: attemptCount + 2,
    });
  });

  it('reaches the endpoint though the workflow of the change is still busy with another webhook', async () => {
    const [busy, fine] = [await endpoint(), await endpoint()];
    busy.answerAlways({ status: 503 });
    fine.answerNext({ status: 404 });
    const { tableId } = await fire((await endpoint()).url);
    const retry = { initialMs: HOUR_MS };
    const retrying = await tablehook.createWebhook(tableId, { url: busy.url, retry });
    const failing = await tablehook.createWebhook(tableId, { url: fine.url });
    const { changeId } = await tablehook.createRecord(tableId);
    await tablehook.deliveryOf(changeId, retrying.id, 'retrying');
    const { id } = await tablehook.deliveryOf(changeId, failing.id, 'failed');
    await redeliver(id);
    expect(await settledAgain(id, 2)).toMatchObject({ state: 'delivered' });
    expect(await tablehook.deliveryOf(changeId, retrying.id, 'retrying')).toMatchObject({ attemptCount: 1 });
    expect(busy.received).toHaveLength(1);
  });

  it('is taken up by the reconciler when nobody could be told of it', async () => {
    const [busy, fine] = [await endpoint(), await endpoint()];
    busy.answerAlways({ status: 503 });
    const { tableId } = await fire((await endpoint()).url);
    const retrying = await tablehook.createWebhook(tableId, {
      url: busy.url,
      retry: { initialMs: HOUR_MS },
    });
    const webhook = await tablehook.createWebhook(tableId, { url: fine.url });
    const { changeId } = await tablehook.createRecord(tableId);
    await tablehook.deliveryOf(changeId, retrying.id, 'retrying');
    const { id } = await tablehook.deliveryOf(changeId, webhook.id);
    const actor = { apiKeyId: 'key', name: 'test', scopes: [], tables: null };
    const waker = { wake: () => undefined, lookAfter: async () => undefined, startReplay: () => undefined };
    const context = { ...tablehook.services, actor, waker } as unknown as RequestContext;
    const { deliveries } = tablehook.services.models;
    const told = await redeliverDelivery(context, { deliveryId: id, force: false });
    expect(told.state).toBe('pending');
    await deliveries.updateOne({ _id: id, open: true }, { $set: { verifyAt: new Date() } });
    expect(await settledAgain(id, 2)).toMatchObject({ state: 'delivered' });
  });

  it('sends both of two that are redelivered at the same time', async () => {
    const [one, two] = [await endpoint(), await endpoint()];
    const { tableId, webhookId, changeId } = await fire(one.url);
    const second = await tablehook.createWebhook(tableId, { url: two.url });
    const { changeId: shared } = await tablehook.createRecord(tableId);
    await tablehook.deliveryOf(changeId, webhookId);
    const ids = await Promise.all(
      [webhookId, second.id].map(async (id) => (await tablehook.deliveryOf(shared, id)).id),
    );
    const replies = await Promise.all(ids.map(async (id) => redeliver(id)));
    expect(replies.map(({ status }) => status)).toEqual([202, 202]);
    for (const id of ids) expect(await settledAgain(id, 2)).toMatchObject({ attemptCount: 2 });
  });

  it('sends one once that is redelivered twice at the same time', async () => {
    const receiver = await endpoint();
    const { changeId, webhookId } = await fire(receiver.url);
    const { id } = await tablehook.deliveryOf(changeId, webhookId);
    let answer = () => undefined as void;
    receiver.answerAlways((_request, response) => {
      answer = () => void response.end();
    });
    const replies = await Promise.all([redeliver(id), redeliver(id)]);
    await until(async () => receiver.received.length === 2, { what: 'the redelivery' });
    answer();
    expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([202, 409]));
    expect(await settledAgain(id, 2)).toMatchObject({ attemptCount: 2 });
    expect(receiver.received).toHaveLength(2);
  });

  it('is 409 for one that is still open', async () => {
    const receiver = await endpoint();
    receiver.answerAlways({ status: 503 });
    const { changeId, webhookId } = await fire(receiver.url, { retry: { initialMs: HOUR_MS } });
    const { id } = await tablehook.deliveryOf(changeId, webhookId, 'retrying');
    const { status, body } = await refuse(id);
    expect([status, body.code]).toEqual([409, 'conflict']);
    expect(body.detail).toMatch(/still open.*Retry/);
  });

  it('is 409 when the webhook was deleted', async () => {
    const { changeId, webhookId } = await fire((await endpoint()).url);
    const { id } = await tablehook.deliveryOf(changeId, webhookId);
    await tablehook.call('DELETE', `/v1/webhooks/${webhookId}`);
    const { status, body } = await refuse(id);
    expect(status).toBe(409);
    expect(body.detail).toMatch(/deleted/);
    expect(await tablehook.getDelivery(id)).toMatchObject({ state: 'delivered', replay: false });
  });

  it('is 409 when a webhook that keeps order already got a later version, unless forced', async () => {
    const receiver = await endpoint();
    const fired = await fire(receiver.url, { delivery: { order: 'record' } });
    const { tableId, webhookId, recordId, changeId } = fired;
    const { id } = await tablehook.deliveryOf(changeId, webhookId);
    const later = await tablehook.updateRecord(tableId, recordId, { Title: 'Later' });
    const { id: laterId } = await tablehook.deliveryOf(later.changeId, webhookId);
    const { status, body } = await refuse(id);
    expect(status).toBe(409);
    expect(body.detail).toMatch(/version 2/);
    expect((await redeliver(laterId)).status).toBe(202);
    await settledAgain(laterId, 2);
    expect((await redeliver(id, { force: true })).status).toBe(202);
    await settledAgain(id, 2);
    expect(receiver.received.map(({ event }) => event.items[0]?.recordVersion)).toEqual([1, 2, 2, 1]);
  });

  it('sends an old version again without force where the webhook keeps no order', async () => {
    const { tableId, webhookId, recordId, changeId } = await fire((await endpoint()).url);
    const { id } = await tablehook.deliveryOf(changeId, webhookId);
    const later = await tablehook.updateRecord(tableId, recordId, { Title: 'Later' });
    await tablehook.deliveryOf(later.changeId, webhookId);
    expect((await redeliver(id)).status).toBe(202);
  });

  it.each([{ force: 'yes' }, { force: null }, { strong: true }, []])('refuses the body %j', async (body) => {
    const { changeId, webhookId } = await fire((await endpoint()).url);
    const { id } = await tablehook.deliveryOf(changeId, webhookId);
    expect((await refuse(id, body)).status).toBe(400);
  });
});
