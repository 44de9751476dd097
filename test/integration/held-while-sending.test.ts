import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { beginAttempt } from '../../src/services/deliveries/begin-attempt.ts';
import type { Receiver } from '../support/receiver.ts';
import { hang, startReceiver } from '../support/receiver.ts';
import type { Tablehook } from '../support/tablehook.ts';
import { startTablehook } from '../support/tablehook.ts';
import { until } from '../support/until.ts';

describe('a webhook disabled while an attempt of its is under way', () => {
  let tablehook: Tablehook;
  let receiver: Receiver;

  beforeAll(async () => {
    tablehook = await startTablehook();
    receiver = await startReceiver();
  });
  afterAll(async () => {
    await receiver.close();
    await tablehook.stop();
  });

  it('makes who comes meanwhile come back when the claim is over, instead of sleeping on a delivery nobody would wake', async () => {
    receiver.answerNext(hang);
    const table = await tablehook.createTable();
    const webhook = await tablehook.createWebhook(table.id, {
      url: receiver.url,
      retry: { timeoutMs: 4_000, initialMs: 50 },
    });
    const { changeId } = await tablehook.createRecord(table.id);
    await until(async () => receiver.received.length === 1);
    await tablehook.call('PATCH', `/v1/webhooks/${webhook.id}`, { enabled: false });
    const delivering = await tablehook.deliveryOf(changeId, webhook.id, 'delivering');
    const doc = await tablehook.services.models.deliveries.findOne({ _id: delivering.id }).lean();
    const begun = await beginAttempt(tablehook.services, {
      deliveryId: delivering.id,
      webhookId: webhook.id,
    });
    expect(begun).toMatchObject({ kind: 'retry', nextAttemptAt: doc?.claim?.until.toISOString() });
    // The attempt ends, the delivery is held in the open, and enabling finds it there.
    await tablehook.deliveryOf(changeId, webhook.id, 'waiting');
    await tablehook.call('PATCH', `/v1/webhooks/${webhook.id}`, { enabled: true });
    const delivery = await tablehook.deliveryOf(changeId, webhook.id);
    expect(delivery.attempts.map(({ outcome }) => outcome)).toEqual(['timeout', 'delivered']);
  });
});
