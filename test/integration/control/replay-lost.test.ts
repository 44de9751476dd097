import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Replay } from '../../../src/contracts/replay.ts';
import { claimWaiting } from '../../../src/services/deliveries/claim-waiting.ts';
import type { Receiver } from '../../support/receiver.ts';
import { startReceiver } from '../../support/receiver.ts';
import type { Tablehook } from '../../support/tablehook.ts';
import { startTablehook } from '../../support/tablehook.ts';
import { until } from '../../support/until.ts';

describe('a delivery that a replay put in line', () => {
  let tablehook: Tablehook;
  let receiver: Receiver;

  beforeAll(async () => {
    tablehook = await startTablehook({ reconcileEveryMs: 200 });
    receiver = await startReceiver();
  });
  afterAll(async () => {
    await tablehook.stop();
    await receiver.close();
  });

  it('goes on after its worker died, though its change has a workflow that is done with it', async () => {
    const { id: tableId } = await tablehook.createTable();
    const register = async () => tablehook.createWebhook(tableId, { url: receiver.url });
    const [webhook, other] = [await register(), await register()];
    const pause = async ({ id }: { id: string }) => tablehook.call('POST', `/v1/webhooks/${id}/pause`);
    await pause(other);
    const { changeId } = await tablehook.createRecord(tableId);
    const { id } = await tablehook.deliveryOf(changeId, webhook.id, 'delivered');
    await tablehook.deliveryOf(changeId, other.id, 'waiting');
    expect(await tablehook.worker.workflows.isRunning(changeId ?? '')).toBe(true);

    await pause(webhook);
    await tablehook.call<Replay>('POST', '/v1/replays', { webhookId: webhook.id, filter: {} });
    await tablehook.deliveryOf(changeId, webhook.id, 'waiting');
    const { models } = tablehook.services;
    const doc = await models.webhooks.findOne({ _id: webhook.id }).lean();
    if (!doc) throw new Error('no webhook');
    expect(await claimWaiting(tablehook.services, doc, [id])).toHaveLength(1);
    await tablehook.call('POST', `/v1/webhooks/${webhook.id}/resume`);
    const long = new Date(Date.now() - 10_000);
    await models.deliveries.updateOne({ _id: id }, { $set: { 'claim.until': long, verifyAt: long } });
    await until(async () => receiver.received.length === 2, { what: 'the replay' });
    const delivery = await tablehook.deliveryOf(changeId, webhook.id, 'delivered');
    expect(delivery.attempts.map(({ outcome }) => outcome)).toEqual([
      'delivered',
      'interrupted',
      'delivered',
    ]);
  });
});
