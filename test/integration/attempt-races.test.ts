import type { ServerResponse } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { beginAttempt } from '../../src/services/deliveries/begin-attempt.ts';
import { openAttemptRecorder } from '../../src/services/deliveries/record-attempt.ts';
import type { Receiver } from '../support/receiver.ts';
import { startReceiver } from '../support/receiver.ts';
import type { Tablehook } from '../support/tablehook.ts';
import { startTablehook } from '../support/tablehook.ts';
import type { TemporalView } from '../support/temporal.ts';
import { viewTemporal } from '../support/temporal.ts';
import { until } from '../support/until.ts';

describe('an attempt that others race', () => {
  let tablehook: Tablehook;
  let receiver: Receiver;
  let temporal: TemporalView;
  const kept: ServerResponse[] = [];

  beforeAll(async () => {
    tablehook = await startTablehook();
    temporal = await viewTemporal();
    receiver = await startReceiver();
    receiver.answerAlways((_request, response) => void kept.push(response));
  });
  afterAll(async () => {
    await tablehook.stop();
    await temporal.close();
    await receiver.close();
  });

  /**
   * A delivery whose call is in flight: the endpoint has it and does not answer yet. Its workflow is ended, lest a durable
   * attempt races those that the tests make.
   */
  const callInFlight = async () => {
    const table = await tablehook.createTable();
    const webhook = await tablehook.createWebhook(table.id, {
      url: receiver.url,
      retry: { timeoutMs: 60_000 },
    });
    const { changeId } = await tablehook.createRecord(table.id);
    const { id } = await tablehook.deliveryOf(changeId, webhook.id, 'delivering');
    const answer = await until(async () => kept.shift(), { what: 'a call in flight' });
    await temporal.client.workflow.getHandle(changeId ?? '').terminate();
    return { webhookId: webhook.id, changeId, deliveryId: id, answer };
  };

  it('is not held while another sender has the delivery, since no wake-up would find it then', async () => {
    const { webhookId, changeId, deliveryId, answer } = await callInFlight();
    await tablehook.call('PATCH', `/v1/webhooks/${webhookId}`, { enabled: false });
    const begun = await beginAttempt(tablehook.services, {
      deliveryId,
      webhookId,
      takePlace: async () => null,
    });
    expect(begun).toMatchObject({ kind: 'retry', summary: 'an attempt is being made elsewhere' });
    answer.writeHead(200).end('late but here');
    const delivery = await tablehook.deliveryOf(changeId, webhookId);
    expect(delivery.attempts.map(({ number, outcome }) => [number, outcome])).toEqual([[1, 'delivered']]);
  });

  it('is held for the reason it was given last, since that says who calls it up', async () => {
    const { webhookId, deliveryId, answer } = await callInFlight();
    answer.writeHead(503).end();
    const { models } = tablehook.services;
    await until(async () => models.deliveries.exists({ _id: deliveryId, state: 'retrying' }));
    await models.deliveries.updateOne({ _id: deliveryId }, { $set: { nextAttemptAt: null } });
    const reasons = ['endpoint-busy', 'rate-limited', 'rate-limited'] as const;
    let asked = 0;
    const begun = await beginAttempt(tablehook.services, {
      deliveryId,
      webhookId,
      takePlace: async () => reasons[asked++] ?? null,
    });
    expect(begun).toMatchObject({ kind: 'held', reason: 'rate-limited' });
    expect(await models.deliveries.findOne({ _id: deliveryId }).lean()).toMatchObject({
      state: 'waiting',
      waitReason: 'rate-limited',
    });
  });

  it('is looked after by the reconciler, also when it was called up from a line', async () => {
    const table = await tablehook.createTable();
    const webhook = await tablehook.createWebhook(table.id, { url: receiver.url });
    await tablehook.call('POST', `/v1/webhooks/${webhook.id}/pause`);
    const { changeId } = await tablehook.createRecord(table.id);
    const { id: deliveryId } = await tablehook.deliveryOf(changeId, webhook.id, 'waiting');
    const { models } = tablehook.services;
    expect((await models.deliveries.findOne({ _id: deliveryId }).lean())?.verifyAt).toBeNull();
    await models.webhooks.updateOne({ _id: webhook.id }, { $set: { paused: null } });
    const input = { deliveryId, webhookId: webhook.id, takePlace: async () => null };
    expect(await beginAttempt(tablehook.services, input)).toMatchObject({ kind: 'go' });
    const claimed = await models.deliveries.findOne({ _id: deliveryId }).lean();
    expect(claimed).toMatchObject({ state: 'delivering', verifyAt: expect.any(Date) });
  });

  it('wins with a 2xx that comes after its claim was taken over, and both attempts stay in the log', async () => {
    const { webhookId, changeId, deliveryId, answer } = await callInFlight();
    const { models } = tablehook.services;
    // As if the first sender had been cut off for longer than its claim lasts. It is not, and may renew it in between.
    const begun = await until(
      async () => {
        await models.deliveries.updateOne({ _id: deliveryId }, { $set: { 'claim.until': new Date(0) } });
        const input = { deliveryId, webhookId, takePlace: async () => null };
        const found = await beginAttempt(tablehook.services, input);
        return found.kind === 'go' && found;
      },
      { what: 'the takeover of an expired claim' },
    );
    const call = {
      outcome: 'response' as const,
      status: 503,
      errorCode: null,
      errorMessage: null,
      responseHeaders: {},
      responseBody: 'busy',
      durationMs: 1,
    };
    await openAttemptRecorder({ ...tablehook.services, noteHealth: async () => undefined }).add({
      attempt: begun.attempt,
      call,
    });
    await tablehook.deliveryOf(changeId, webhookId, 'retrying');
    answer.writeHead(200).end('late but here');
    const delivery = await tablehook.deliveryOf(changeId, webhookId);
    expect(delivery.attemptCount).toBe(2);
    expect(delivery.attempts.map(({ number, status }) => [number, status])).toEqual([
      [1, 200],
      [2, 503],
    ]);
  });
});
