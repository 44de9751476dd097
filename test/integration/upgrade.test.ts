import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { WebhookHealth } from '../../src/contracts/webhook-health.ts';
import { upgradeDocuments } from '../../src/models/upgrade.ts';
import type { Receiver } from '../support/receiver.ts';
import { startReceiver } from '../support/receiver.ts';
import type { Tablehook } from '../support/tablehook.ts';
import { startTablehook } from '../support/tablehook.ts';

const NEW_OF_WEBHOOKS = [
  'delivery',
  'autoPause',
  'paused',
  'health',
  'resuming',
  'nextSlotAt',
  'seats',
  'seatsWanted',
];
const NEW_OF_DELIVERIES = ['cancelReason', 'ordered', 'replay', 'replayId', 'merged', 'mergedChangeIds'];

describe('what an earlier version stored', () => {
  let tablehook: Tablehook;
  let receiver: Receiver;
  beforeAll(async () => {
    tablehook = await startTablehook({ reconcileEveryMs: 500 });
    receiver = await startReceiver();
  });
  afterAll(async () => {
    await tablehook.stop();
    await receiver.close();
  });

  const toUnset = (names: string[]) => Object.fromEntries(names.map((name) => [name, 1]));

  it('goes on as before: a delivery on its way arrives, and its webhook is paused and asked for its health', async () => {
    receiver.answerNext({ status: 503 });
    const { id: tableId } = await tablehook.createTable();
    const webhook = await tablehook.createWebhook(tableId, {
      url: receiver.url,
      retry: { initialMs: 4_000, jitter: 0 },
    });
    const { changeId } = await tablehook.createRecord(tableId);
    const { id } = await tablehook.deliveryOf(changeId, webhook.id, 'retrying');
    const { webhooks, deliveries, tables } = tablehook.services.models;
    await webhooks.collection.updateOne({ _id: webhook.id as never }, { $unset: toUnset(NEW_OF_WEBHOOKS) });
    await tables.collection.updateOne({ _id: tableId as never }, { $unset: { orderedCount: 1 } });
    await deliveries.collection.updateOne(
      { _id: id as never },
      { $unset: toUnset(NEW_OF_DELIVERIES), $rename: { owedSince: 'changeAt' } },
    );
    await upgradeDocuments(tablehook.services.models);
    await upgradeDocuments(tablehook.services.models);
    const delivered = await tablehook.deliveryOf(changeId, webhook.id);
    expect(delivered).toMatchObject({ attemptCount: 2, replay: false, mergedChangeIds: [] });
    await tablehook.call('POST', `/v1/webhooks/${webhook.id}/pause`);
    const { body } = await tablehook.call<WebhookHealth>('GET', `/v1/webhooks/${webhook.id}/health`);
    expect(body).toMatchObject({ status: 'paused', circuit: 'closed', open: 0 });
  });
});
