import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { CreatedWebhook } from '../../../src/contracts/webhook.ts';
import type { WebhookHealth } from '../../../src/contracts/webhook-health.ts';
import { EVENTS_TABLE_ID } from '../../../src/services/events/system-table.ts';
import type { Page } from '../../../src/contracts/page.ts';
import type { TableRecord } from '../../../src/contracts/record.ts';
import type { Receiver } from '../../support/receiver.ts';
import { startReceiver } from '../../support/receiver.ts';
import type { Tablehook } from '../../support/tablehook.ts';
import { startTablehook } from '../../support/tablehook.ts';
import { until } from '../../support/until.ts';

/** As in production, only faster. */
const CIRCUIT = { failures: 5, failingForMs: 500, probeAfterMs: 400, maxProbeAfterMs: 1_600 };

describe('the circuit of an endpoint that fails', () => {
  let tablehook: Tablehook;
  let receiver: Receiver;
  let tableId: string;
  let webhook: CreatedWebhook;

  beforeAll(async () => {
    tablehook = await startTablehook({ circuit: CIRCUIT, reconcileEveryMs: 500 });
  });
  afterAll(async () => tablehook.stop());
  beforeEach(async () => {
    receiver = await startReceiver();
    receiver.answerAlways({ status: 503 });
    tableId = (await tablehook.createTable()).id;
    webhook = await register();
  });
  afterEach(async () => receiver.close());

  const register = async (input: object = {}) =>
    tablehook.createWebhook(tableId, {
      url: receiver.url,
      retry: { initialMs: 100, factor: 1, jitter: 0 },
      ...input,
    });
  const health = async (webhookId = webhook.id) =>
    (await tablehook.call<WebhookHealth>('GET', `/v1/webhooks/${webhookId}/health`)).body;
  const untilFailing = async () => {
    const first = await tablehook.createRecord(tableId);
    for (let count = 0; count < 4; count += 1) await tablehook.createRecord(tableId);
    await until(async () => (await health()).status === 'failing', { what: 'an open circuit' });
    return first;
  };
  const events = async (): Promise<unknown[]> => {
    const path = `/v1/tables/${EVENTS_TABLE_ID}/records?limit=200`;
    const { body } = await tablehook.call<Page<TableRecord>>('GET', path);
    return body.data
      .filter(({ values }) => values['WebhookId'] === webhook.id)
      .map(({ values }) => values['Event']);
  };

  it('opens after failures in a row over some time, probes at growing intervals, and closes by itself', async () => {
    const { changeId } = await untilFailing();
    expect(await health()).toMatchObject({ lastStatus: 503, lastSuccessAt: null });
    expect((await health()).failingSince).not.toBeNull();
    await until(async () => {
      const { waitReason } = await tablehook.deliveryOf(changeId, webhook.id, 'waiting');
      return waitReason === 'circuit-open';
    });
    await until(async () => (await health()).waiting === 5);
    const calls = receiver.received.length;
    const since = Date.now();
    await until(async () => receiver.received.length >= calls + 2, { what: 'two probes' });
    // One probe after 0.4 s at the earliest, the next one 0.8 s later: nothing else calls meanwhile.
    expect(receiver.received.length - calls).toBeLessThanOrEqual(2 + Math.ceil((Date.now() - since) / 1_600));
    expect((await health()).nextProbeAt).not.toBeNull();
    receiver.answerAlways({ status: 200 });
    await until(async () => {
      const { open, status } = await health();
      return open === 0 && status === 'active';
    });
    expect(await health()).toMatchObject({
      status: 'active',
      circuit: 'closed',
      failingSince: null,
      waiting: 0,
    });
    expect((await health()).lastSuccessAt).not.toBeNull();
    await until(async () => (await events()).length === 2);
    expect(new Set(await events())).toEqual(new Set(['webhook.failing', 'webhook.recovered']));
  });

  it('holds what is new, which costs the endpoint nothing', async () => {
    await untilFailing();
    // Those before it are held too, so that none but the oldest is the next probe.
    await until(async () => (await health()).waiting === 5);
    const { changeId } = await tablehook.createRecord(tableId);
    const held = await tablehook.deliveryOf(changeId, webhook.id, 'waiting');
    expect(held).toMatchObject({ waitReason: 'circuit-open', attemptCount: 0 });
    receiver.answerAlways({ status: 200 });
    await tablehook.deliveryOf(changeId, webhook.id);
  });

  it('lets time count against the horizon while it is open', async () => {
    await tablehook.call('PATCH', `/v1/webhooks/${webhook.id}`, { retry: { giveUpAfterMs: 4_000 } });
    const { changeId } = await untilFailing();
    const failed = await tablehook.deliveryOf(changeId, webhook.id, 'failed');
    expect(failed.failureReason).toBe('gave-up');
    await until(async () => (await health()).open === 0);
    await until(async () => (await events()).includes('delivery.failed'));
  });

  it('is probed at once after the URL was edited', async () => {
    const other = await startReceiver();
    const { changeId } = await untilFailing();
    await tablehook.call('PATCH', `/v1/webhooks/${webhook.id}`, { url: other.url });
    await tablehook.deliveryOf(changeId, webhook.id);
    await until(async () => (await health()).status === 'active');
    await other.close();
  });

  it('pauses the webhook after long failure, and one success of a probe lets its deliveries flow', async () => {
    await tablehook.call('PATCH', `/v1/webhooks/${webhook.id}`, {
      autoPause: { afterFailingForMs: 1_500 },
      retry: { giveUpAfterMs: 7_000 },
    });
    const { changeId } = await untilFailing();
    await until(async () => (await health()).status === 'paused');
    expect((await health()).statusReason).toMatch(
      /has failed \d+ times in a row since .* its deliveries wait/,
    );
    await until(async () => {
      const { waitReason } = await tablehook.deliveryOf(changeId, webhook.id, 'waiting');
      return waitReason === 'paused';
    });
    const calls = receiver.received.length;
    await until(async () => receiver.received.length > calls, { what: 'a probe' });
    // Its horizon stood still: it would have been given up by now.
    await new Promise((resolve) => {
      setTimeout(resolve, 6_000);
    });
    receiver.answerAlways({ status: 200 });
    await tablehook.deliveryOf(changeId, webhook.id);
    await until(async () => {
      const { open, status } = await health();
      return open === 0 && status === 'active';
    });
    await until(async () => new Set(await events()).size === 3);
    expect(new Set(await events())).toEqual(
      new Set(['webhook.failing', 'webhook.paused', 'webhook.recovered']),
    );
  });

  it('that a person paused is probed no more, and at once when it is resumed', async () => {
    await untilFailing();
    await tablehook.call('POST', `/v1/webhooks/${webhook.id}/pause`);
    await until(async () => {
      const waiting = await tablehook.listDeliveries(`webhookId=${webhook.id}&state=waiting`);
      return waiting.length === 5 && waiting.every(({ waitReason }) => waitReason === 'paused');
    });
    expect(await health()).toMatchObject({ status: 'paused', circuit: 'open', nextProbeAt: null });
    receiver.answerAlways({ status: 200 });
    const calls = receiver.received.length;
    await new Promise((resolve) => {
      setTimeout(resolve, 2_000);
    });
    expect(receiver.received.length).toBe(calls);
    await tablehook.call('POST', `/v1/webhooks/${webhook.id}/resume`);
    await until(async () => (await health()).open === 0);
  });

  it('leaves other webhooks of the table alone', async () => {
    const fine = await startReceiver();
    const neighbour = await tablehook.createWebhook(tableId, { url: fine.url });
    await untilFailing();
    const { changeId } = await tablehook.createRecord(tableId);
    await tablehook.deliveryOf(changeId, neighbour.id);
    await until(async () => (await health(neighbour.id)).open === 0);
    expect((await health(neighbour.id)).status).toBe('active');
    expect((await health()).status).toBe('failing');
    await fine.close();
  });
});
