import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Webhook } from '../../src/contracts/webhook.ts';
import { sealUrl } from '../../src/services/webhooks/secrets.ts';
import type { Receiver } from '../support/receiver.ts';
import { hang, startReceiver } from '../support/receiver.ts';
import type { Tablehook } from '../support/tablehook.ts';
import { startTablehook } from '../support/tablehook.ts';
import { until } from '../support/until.ts';

describe('what an answer means', () => {
  let tablehook: Tablehook;
  const receivers: Receiver[] = [];

  beforeAll(async () => {
    tablehook = await startTablehook();
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
  const fire = async (url: string, retry: Record<string, unknown> = {}) => {
    const table = await tablehook.createTable();
    const policy = { initialMs: 50, factor: 1, jitter: 0, ...retry };
    const webhook = await tablehook.createWebhook(table.id, { url, retry: policy });
    const { changeId } = await tablehook.createRecord(table.id);
    return { table, webhook, changeId };
  };

  it('tries a 503 again, and the endpoint gets the same id and the same bytes', async () => {
    const receiver = await endpoint();
    receiver.answerNext({ status: 503, body: 'busy' });
    const { webhook, changeId } = await fire(receiver.url);
    const delivery = await tablehook.deliveryOf(changeId, webhook.id);
    expect(receiver.received.map(({ headers }) => headers['tablehook-attempt'])).toEqual(['1', '2']);
    expect(receiver.received.map(({ headers }) => headers['webhook-id'])).toEqual([delivery.id, delivery.id]);
    expect(new Set(receiver.received.map(({ body }) => body)).size).toBe(1);
    expect(delivery.attempts.map(({ status, outcome }) => [status, outcome])).toEqual([
      [503, 'http-error'],
      [200, 'delivered'],
    ]);
  });

  it('fails a 404 for good, without another attempt', async () => {
    const receiver = await endpoint();
    receiver.answerAlways({ status: 404, body: 'no such hook' });
    const { webhook, changeId } = await fire(receiver.url);
    const delivery = await tablehook.deliveryOf(changeId, webhook.id, 'failed');
    expect(delivery).toMatchObject({ failureReason: 'permanent-status', lastStatus: 404, attemptCount: 1 });
    expect(delivery.attempts[0]).toMatchObject({
      outcome: 'http-error',
      status: 404,
      responseBody: 'no such hook',
    });
    expect(receiver.received).toHaveLength(1);
  });

  it('tries a 404 again when permanentStatuses leaves it out', async () => {
    const receiver = await endpoint();
    receiver.answerNext({ status: 404 }, { status: 404 });
    const { webhook, changeId } = await fire(receiver.url, { permanentStatuses: [500] });
    const delivery = await tablehook.deliveryOf(changeId, webhook.id);
    expect(delivery.attempts.map(({ status }) => status)).toEqual([404, 404, 200]);
  });

  it('fails a 410 and disables the webhook as gone; enabled again, it hears what is new', async () => {
    const receiver = await endpoint();
    receiver.answerNext({ status: 410 });
    const { table, webhook, changeId } = await fire(receiver.url);
    const delivery = await tablehook.deliveryOf(changeId, webhook.id, 'failed');
    expect(delivery.failureReason).toBe('gone');
    const gone = await tablehook.call<Webhook>('GET', `/v1/webhooks/${webhook.id}`);
    expect(gone.body).toMatchObject({ enabled: false, status: 'gone' });
    expect(gone.body.statusReason).toContain('410');
    const unheard = await tablehook.createRecord(table.id);
    const enabled = await tablehook.call<Webhook>('PATCH', `/v1/webhooks/${webhook.id}`, { enabled: true });
    expect(enabled.body).toMatchObject({ enabled: true, status: 'active', statusReason: null });
    const heard = await tablehook.createRecord(table.id);
    await tablehook.deliveryOf(heard.changeId, webhook.id);
    expect((await tablehook.getChange(unheard.changeId ?? '')).deliveries).toEqual([]);
  });

  it('never follows a redirect, and says where it pointed', async () => {
    const target = await endpoint();
    const receiver = await endpoint();
    receiver.answerAlways({ status: 307, headers: { location: target.url } });
    const { webhook, changeId } = await fire(receiver.url);
    const delivery = await tablehook.deliveryOf(changeId, webhook.id, 'failed');
    expect(delivery).toMatchObject({ failureReason: 'redirect', lastStatus: 307 });
    expect(delivery.attempts[0]?.responseHeaders['location']).toBe(target.url);
    expect(target.received).toEqual([]);
  });

  it('waits as many seconds as Retry-After says', async () => {
    const receiver = await endpoint();
    receiver.answerNext({ status: 429, headers: { 'retry-after': '3600' } });
    const { webhook, changeId } = await fire(receiver.url);
    const delivery = await tablehook.deliveryOf(changeId, webhook.id, 'retrying');
    const [first] = delivery.attempts;
    const waitMs = Date.parse(delivery.nextAttemptAt ?? '') - Date.parse(first?.startedAt ?? '');
    expect(waitMs).toBeGreaterThanOrEqual(3_600_000);
    expect(waitMs).toBeLessThan(3_630_000);
  });

  it('waits until the date that Retry-After names, and not past the horizon', async () => {
    const receiver = await endpoint();
    const far = new Date(Date.now() + 7_200_000).toUTCString();
    receiver.answerAlways({ status: 503, headers: { 'retry-after': far } });
    const dated = await fire(receiver.url);
    const delivery = await tablehook.deliveryOf(dated.changeId, dated.webhook.id, 'retrying');
    expect(Math.abs(Date.parse(delivery.nextAttemptAt ?? '') - Date.parse(far))).toBeLessThan(5_000);
    const bounded = await fire(receiver.url, { giveUpAfterMs: 600_000 });
    const capped = await tablehook.deliveryOf(bounded.changeId, bounded.webhook.id, 'retrying');
    const { timestamp } = await tablehook.getChange(bounded.changeId ?? '');
    expect(Date.parse(capped.nextAttemptAt ?? '')).toBe(Date.parse(timestamp) + 600_000);
  });

  it('tries at once when Retry-After names a past date', async () => {
    const receiver = await endpoint();
    receiver.answerNext({ status: 503, headers: { 'retry-after': new Date(0).toUTCString() } });
    const { webhook, changeId } = await fire(receiver.url, { initialMs: 3_600_000 });
    const delivery = await tablehook.deliveryOf(changeId, webhook.id);
    expect(delivery.attempts.map(({ status }) => status)).toEqual([503, 200]);
  });

  it('keeps trying a dead port until somebody listens there', async () => {
    const receiver = await startReceiver();
    const port = Number(new URL(receiver.url).port);
    await receiver.close();
    const { webhook, changeId } = await fire(receiver.url, { initialMs: 200 });
    const refused = await tablehook.deliveryOf(changeId, webhook.id, 'retrying');
    expect(refused.attempts[0]).toMatchObject({ outcome: 'network-error', errorCode: 'connection_refused' });
    const revived = await startReceiver(port);
    receivers.push(revived);
    const delivery = await tablehook.deliveryOf(changeId, webhook.id);
    expect(revived.received.map(({ headers }) => headers['webhook-id'])).toEqual([delivery.id]);
  });

  it('follows an explicit schedule, and gives up behind its end', async () => {
    const receiver = await endpoint();
    receiver.answerAlways({ status: 500 });
    const { webhook, changeId } = await fire(receiver.url, { scheduleMs: [20, 40] });
    const delivery = await tablehook.deliveryOf(changeId, webhook.id, 'failed');
    expect(delivery).toMatchObject({ attemptCount: 3, failureReason: 'gave-up' });
  });

  it('gives up at the horizon, with one last attempt on it', async () => {
    const receiver = await endpoint();
    receiver.answerAlways({ status: 500 });
    const { webhook, changeId } = await fire(receiver.url, { initialMs: 3_600_000, giveUpAfterMs: 4_000 });
    const delivery = await tablehook.deliveryOf(changeId, webhook.id, 'failed');
    const { timestamp } = await tablehook.getChange(changeId ?? '');
    const last = delivery.attempts.at(-1);
    expect(delivery).toMatchObject({ attemptCount: 2, failureReason: 'gave-up' });
    expect(Date.parse(last?.startedAt ?? '')).toBeGreaterThanOrEqual(Date.parse(timestamp) + 3_950);
  });

  it('times out an endpoint that hangs, while a fast one beside it hears everything', async () => {
    const slow = await endpoint();
    slow.answerAlways(hang);
    const fast = await endpoint();
    const table = await tablehook.createTable();
    const retry = { initialMs: 3_600_000, timeoutMs: 60_000 };
    const hanging = await tablehook.createWebhook(table.id, { url: slow.url, retry });
    const healthy = await tablehook.createWebhook(table.id, { url: fast.url });
    const changes = [];
    for (let count = 0; count < 30; count += 1) changes.push(await tablehook.createRecord(table.id));
    for (const { changeId } of changes) await tablehook.deliveryOf(changeId, healthy.id);
    const open = await tablehook.listDeliveries(`webhookId=${hanging.id}&limit=200`);
    expect(open).toHaveLength(30);
    expect(new Set(open.map(({ state }) => state))).not.toContain('delivered');
    // Neither test nor shutdown waits for what hangs.
    slow.answerAlways({ status: 200 });
    await tablehook.call('DELETE', `/v1/webhooks/${hanging.id}`);
  });

  it('records a timeout as one, and tries again', async () => {
    const receiver = await endpoint();
    receiver.answerNext(hang);
    const { webhook, changeId } = await fire(receiver.url, { timeoutMs: 1_500 });
    const delivery = await tablehook.deliveryOf(changeId, webhook.id);
    expect(delivery.attempts.map(({ outcome }) => outcome)).toEqual(['timeout', 'delivered']);
  });

  it('refuses a private address at registration, and at the call when the guard is stricter then', async () => {
    const table = await tablehook.createTable();
    const refused = await tablehook.call<{ errors: { path: string }[] }>(
      'POST',
      `/v1/tables/${table.id}/webhooks`,
      { name: 'Inside', url: 'http://10.0.0.1/hook', events: ['record.*'] },
    );
    expect(refused.status).toBe(400);
    expect(refused.body.errors[0]?.path).toBe('url');
    const named = await tablehook.createWebhook(table.id, {
      url: 'http://ip6-allnodes.localdomain.invalid/',
    });
    const { changeId } = await tablehook.createRecord(table.id);
    const failing = await tablehook.deliveryOf(changeId, named.id, 'retrying');
    expect(failing.attempts[0]?.errorCode).toBe('dns_failed');
  });

  it('fails a delivery for good, in words of its own, when its address is refused at the call', async () => {
    const table = await tablehook.createTable();
    const webhook = await tablehook.createWebhook(table.id, { url: 'http://hooks.invalid/' });
    const { models, secretBox } = tablehook.services;
    const url = sealUrl(secretBox, webhook.id, 'http://10.0.0.1/hook');
    await models.webhooks.updateOne({ _id: webhook.id }, { $set: { url } });
    const { changeId } = await tablehook.createRecord(table.id);
    const failed = await tablehook.deliveryOf(changeId, webhook.id, 'failed');
    expect(failed.failureReason).toBe('address-refused');
    expect(failed.attempts).toMatchObject([
      {
        outcome: 'refused',
        errorCode: 'address_refused',
        errorMessage: "The URL's address is refused: in 10.0.0.0/8 (private network).",
      },
    ]);
  });

  it('cancels what is open when the webhook is deleted, and its workflow ends', async () => {
    const receiver = await endpoint();
    receiver.answerAlways({ status: 503 });
    const { webhook, changeId } = await fire(receiver.url, { initialMs: 3_600_000 });
    await tablehook.deliveryOf(changeId, webhook.id, 'retrying');
    const removed = await tablehook.call('DELETE', `/v1/webhooks/${webhook.id}`);
    expect(removed.status).toBe(204);
    const delivery = await tablehook.deliveryOf(changeId, webhook.id, 'cancelled');
    expect(delivery.nextAttemptAt).toBeNull();
    await until(async () => !(await tablehook.worker.workflows.isRunning(changeId ?? '')), {
      what: 'the end of the workflow',
    });
  });

  it('holds the deliveries of a disabled webhook without attempts, and lets them go when it is enabled', async () => {
    const receiver = await endpoint();
    receiver.answerNext({ status: 503 });
    const { webhook, changeId } = await fire(receiver.url, { initialMs: 4_000 });
    await tablehook.deliveryOf(changeId, webhook.id, 'retrying');
    await tablehook.call('PATCH', `/v1/webhooks/${webhook.id}`, { enabled: false });
    const held = await tablehook.deliveryOf(changeId, webhook.id, 'waiting');
    expect(held).toMatchObject({ waitReason: 'disabled', attemptCount: 1, nextAttemptAt: null });
    await tablehook.call('PATCH', `/v1/webhooks/${webhook.id}`, { enabled: true });
    const delivery = await tablehook.deliveryOf(changeId, webhook.id);
    expect(delivery).toMatchObject({ attemptCount: 2, waitReason: null });
  });

  it('goes by the URL and headers of the webhook as they are at the next attempt', async () => {
    const old = await endpoint();
    old.answerAlways({ status: 503 });
    const next = await endpoint();
    const { webhook, changeId } = await fire(old.url, { initialMs: 4_000 });
    await tablehook.deliveryOf(changeId, webhook.id, 'retrying');
    const headers = [{ name: 'x-token', value: 'new', secret: true }];
    await tablehook.call('PATCH', `/v1/webhooks/${webhook.id}`, { url: next.url, headers });
    const delivery = await tablehook.deliveryOf(changeId, webhook.id);
    expect(old.received).toHaveLength(1);
    expect(next.received[0]?.headers).toMatchObject({ 'x-token': 'new', 'webhook-id': delivery.id });
    expect(next.received[0]?.body).toBe(old.received[0]?.body);
  });
});
