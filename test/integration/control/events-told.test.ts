import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { EVENTS_TABLE_ID } from '../../../src/services/events/system-table.ts';
import type { Receiver } from '../../support/receiver.ts';
import { startReceiver } from '../../support/receiver.ts';
import type { Tablehook } from '../../support/tablehook.ts';
import { startTablehook } from '../../support/tablehook.ts';
import { until } from '../../support/until.ts';

describe('what happens to webhooks and deliveries', () => {
  let tablehook: Tablehook;
  let receiver: Receiver;
  let alarm: Receiver;
  let tableId: string;

  beforeAll(async () => {
    tablehook = await startTablehook();
  });
  afterAll(async () => tablehook.stop());
  beforeEach(async () => {
    receiver = await startReceiver();
    alarm = await startReceiver();
    await tablehook.createWebhook(EVENTS_TABLE_ID, { name: 'On call', url: alarm.url });
    tableId = (await tablehook.createTable()).id;
  });
  afterEach(async () => {
    await receiver.close();
    await alarm.close();
  });

  const register = async () => tablehook.createWebhook(tableId, { url: receiver.url });
  /** The events about a webhook that the endpoint on the system table heard of, each as its record's values. */
  const heardOf = (webhookId: string) =>
    alarm.received
      .map(({ event }) => event.items[0]?.record ?? {})
      .filter((values) => values['WebhookId'] === webhookId);

  it('is heard by a webhook on the system table: a delivery that failed, with its id and why', async () => {
    receiver.answerAlways({ status: 404 });
    const webhook = await register();
    const { changeId } = await tablehook.createRecord(tableId);
    const { id } = await tablehook.deliveryOf(changeId, webhook.id, 'failed');
    const [told] = await until(async () => (heardOf(webhook.id).length > 0 ? heardOf(webhook.id) : null));
    expect(told).toMatchObject({
      Event: 'delivery.failed',
      DeliveryId: id,
      TableId: tableId,
      WebhookName: 'CRM',
    });
    expect(told?.['Reason']).toMatch(/^permanent-status: 404 from /);
  });

  it('is heard of: a pause by hand with its reason, and its end', async () => {
    const webhook = await register();
    await tablehook.call('POST', `/v1/webhooks/${webhook.id}/pause`, { reason: 'moving house' });
    await tablehook.call('POST', `/v1/webhooks/${webhook.id}/resume`);
    await until(async () => heardOf(webhook.id).length === 2);
    expect(heardOf(webhook.id)).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ Event: 'webhook.paused', Reason: 'moving house' }),
        expect.objectContaining({ Event: 'webhook.recovered' }),
      ]),
    );
  });

  it('is heard of: an endpoint that is gone needs attention', async () => {
    receiver.answerAlways({ status: 410 });
    const webhook = await register();
    const { changeId } = await tablehook.createRecord(tableId);
    await tablehook.deliveryOf(changeId, webhook.id, 'failed');
    await until(async () => heardOf(webhook.id).length === 2);
    const events = heardOf(webhook.id).map(({ Event }) => Event);
    expect(new Set(events)).toEqual(new Set(['webhook.needs-attention', 'delivery.failed']));
  });

  it('is not told of the webhooks on the system table itself, or nobody would hear the last of it', async () => {
    alarm.answerAlways({ status: 404 });
    receiver.answerAlways({ status: 404 });
    const webhook = await register();
    const { changeId } = await tablehook.createRecord(tableId);
    await tablehook.deliveryOf(changeId, webhook.id, 'failed');
    await until(async () => heardOf(webhook.id).length === 1);
    const failed = async () =>
      tablehook.services.models.deliveries.countDocuments({ tableId: EVENTS_TABLE_ID, state: 'failed' });
    await until(async () => (await failed()) >= 1);
    const { models } = tablehook.services;
    const records = await models.records.find({ tableId: EVENTS_TABLE_ID }).lean();
    expect(records.every(({ values }) => !Object.values(values).includes(EVENTS_TABLE_ID))).toBe(true);
  });
});
