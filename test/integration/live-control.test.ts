import type { ServerResponse } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Delivery, WaitReason } from '../../src/contracts/delivery.ts';
import type { Problem } from '../../src/contracts/problem.ts';
import { newId } from '../../src/services/id.ts';
import type { Receiver } from '../support/receiver.ts';
import { startReceiver } from '../support/receiver.ts';
import type { Tablehook } from '../support/tablehook.ts';
import { startTablehook } from '../support/tablehook.ts';
import { until } from '../support/until.ts';

const HOUR_MS = 3_600_000;

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
/** One record created for a webhook whose first retry is an hour away. */
const fire = async (url: string, webhook: Record<string, unknown> = {}) => {
  const table = await tablehook.createTable();
  const retry = { initialMs: HOUR_MS, jitter: 0 };
  const { id: webhookId } = await tablehook.createWebhook(table.id, { url, retry, ...webhook });
  const { id: recordId, changeId } = await tablehook.createRecord(table.id);
  return { tableId: table.id, webhookId, recordId, changeId: changeId ?? '' };
};
/** A delivery whose first attempt failed, with the next one an hour away. */
const failOnce = async (webhook: Record<string, unknown> = {}) => {
  const receiver = await endpoint();
  receiver.answerNext({ status: 503 });
  const fired = await fire(receiver.url, webhook);
  const { id } = await tablehook.deliveryOf(fired.changeId, fired.webhookId, 'retrying');
  return { ...fired, receiver, id };
};
/** A delivery being attempted right now, until its answer is given. */
const holdAnswer = async () => {
  const receiver = await endpoint();
  const open: ServerResponse[] = [];
  receiver.answerNext((_request, response) => void open.push(response));
  const fired = await fire(receiver.url);
  const response = await until(async () => open[0], { what: 'the attempt' });
  const { id } = await tablehook.deliveryOf(fired.changeId, fired.webhookId, 'delivering');
  return { ...fired, receiver, id, answer: (status: number) => response.writeHead(status).end() };
};
const act = (id: string, verb: string) => tablehook.call<Delivery>('POST', `/v1/deliveries/${id}/${verb}`);
const refuse = (id: string, verb: string) => tablehook.call<Problem>('POST', `/v1/deliveries/${id}/${verb}`);
/** Puts a delivery that nobody is at work on into a wait, as if it had been held. */
const hold = async (id: string, waitReason: WaitReason, edits: Record<string, unknown> = {}) => {
  const { deliveries } = tablehook.services.models;
  const waiting = { state: 'waiting', open: true, waitReason, waitingSince: new Date(), settledAt: null };
  await deliveries.updateOne(
    { _id: id },
    { $set: { ...waiting, nextAttemptAt: null, verifyAt: null, ...edits } },
  );
};

describe('retrying a delivery now', () => {
  it('makes the attempt that was an hour away', async () => {
    const { id, changeId, webhookId, receiver } = await failOnce();
    const reply = await act(id, 'retry');
    expect(reply.status).toBe(202);
    expect(reply.body).toMatchObject({ id, webhookId, changeId });
    const delivery = await tablehook.deliveryOf(changeId, webhookId);
    expect(delivery.attemptCount).toBe(2);
    expect(receiver.received.map(({ headers }) => headers['tablehook-replay'])).toEqual([
      undefined,
      undefined,
    ]);
  });

  it('is followed by the schedule when it fails again', async () => {
    const { id, receiver } = await failOnce();
    receiver.answerNext({ status: 503 });
    await act(id, 'retry');
    const delivery = await until(
      async () => {
        const found = await tablehook.getDelivery(id);
        return found.attemptCount === 2 && found.state === 'retrying' && found;
      },
      { what: 'the second attempt' },
    );
    expect(Date.parse(delivery.nextAttemptAt ?? '')).toBeGreaterThan(Date.now() + HOUR_MS / 2);
  });

  it('is 409 while an attempt is being made, and that attempt goes on', async () => {
    const { id, changeId, webhookId, receiver, answer } = await holdAnswer();
    const { status, body } = await refuse(id, 'retry');
    expect([status, body.code]).toEqual([409, 'conflict']);
    expect(body.detail).toMatch(/right now/);
    answer(200);
    await tablehook.deliveryOf(changeId, webhookId);
    expect(receiver.received).toHaveLength(1);
  });

  it('is 409 for one that is settled, and says what to do instead', async () => {
    const { changeId, webhookId } = await fire((await endpoint()).url);
    const { id } = await tablehook.deliveryOf(changeId, webhookId);
    const { status, body } = await refuse(id, 'retry');
    expect(status).toBe(409);
    expect(body.detail).toMatch(/delivered\. Redeliver/);
  });

  it.each([
    ['disabled', /Enable/],
    ['paused', /Resume/],
  ] as const)('is 409 for one that is held because its webhook is %s', async (reason, detail) => {
    const { changeId, webhookId } = await fire((await endpoint()).url);
    const { id } = await tablehook.deliveryOf(changeId, webhookId);
    await tablehook.services.models.webhooks.updateOne(
      { _id: webhookId },
      {
        $set:
          reason === 'disabled'
            ? { enabled: false }
            : { paused: { at: new Date(), reason: null, auto: false } },
      },
    );
    await hold(id, reason);
    const { status, body } = await refuse(id, 'retry');
    expect(status).toBe(409);
    expect(body.detail).toMatch(detail);
    expect(await tablehook.getDelivery(id)).toMatchObject({ state: 'waiting', waitReason: reason });
  });

  it('goes by what the webhook is now, not by what once held the delivery', async () => {
    const { changeId, webhookId } = await fire((await endpoint()).url);
    const { id } = await tablehook.deliveryOf(changeId, webhookId);
    await hold(id, 'disabled');
    expect((await act(id, 'retry')).status).toBe(202);
    expect((await tablehook.deliveryOf(changeId, webhookId)).attemptCount).toBe(2);
  });

  it('is 409 for one behind an earlier change of its record, and names that one', async () => {
    const { id: earlier, tableId, recordId, webhookId } = await failOnce({ delivery: { order: 'record' } });
    const { changeId } = await tablehook.updateRecord(tableId, recordId, { Title: 'Later' });
    const later = await tablehook.deliveryOf(changeId, webhookId, 'waiting');
    expect(later.waitReason).toBe('earlier-change');
    const { status, body } = await refuse(later.id, 'retry');
    expect(status).toBe(409);
    expect(body.detail).toContain(`version 1 in ${earlier}`);
  });

  it.each(['rate-limited', 'resuming'] as const)(
    'lets one that is %s go when there is room',
    async (reason) => {
      const { changeId, webhookId } = await fire((await endpoint()).url);
      const { id } = await tablehook.deliveryOf(changeId, webhookId);
      await hold(id, reason);
      expect((await act(id, 'retry')).status).toBe(202);
      const delivery = await tablehook.deliveryOf(changeId, webhookId);
      expect(delivery.attemptCount).toBe(2);
    },
  );

  it('ends the wait of one that waits for more edits', async () => {
    const { changeId, webhookId } = await fire((await endpoint()).url);
    const { id } = await tablehook.deliveryOf(changeId, webhookId);
    await hold(id, 'coalescing', { nextAttemptAt: new Date(Date.now() + HOUR_MS) });
    expect((await act(id, 'retry')).status).toBe(202);
    await tablehook.deliveryOf(changeId, webhookId);
  });

  it('has a failing endpoint probed at once', async () => {
    const { changeId, webhookId } = await fire((await endpoint()).url);
    const { id } = await tablehook.deliveryOf(changeId, webhookId);
    const probeAt = new Date(Date.now() + HOUR_MS);
    await tablehook.services.models.webhooks.updateOne(
      { _id: webhookId },
      { $set: { 'health.circuit': 'open', 'health.failingSince': new Date(), 'health.probeAt': probeAt } },
    );
    await hold(id, 'circuit-open');
    expect((await act(id, 'retry')).status).toBe(202);
    const delivery = await tablehook.deliveryOf(changeId, webhookId);
    expect(delivery.attemptCount).toBe(2);
  });
});

describe('cancelling a delivery', () => {
  it('ends one that is being retried, and its workflow; a repeat answers the same', async () => {
    const { id, changeId, receiver } = await failOnce();
    const reply = await act(id, 'cancel');
    expect(reply.status).toBe(200);
    expect(reply.body).toMatchObject({
      state: 'cancelled',
      cancelReason: 'by-request',
      nextAttemptAt: null,
      settledAt: expect.stringMatching(/Z$/),
    });
    expect((await act(id, 'cancel')).body).toEqual(reply.body);
    await until(async () => !(await tablehook.worker.workflows.isRunning(changeId)), {
      what: 'the end of the workflow',
    });
    expect(receiver.received).toHaveLength(1);
  });

  it.each([
    [200, 'delivered', null],
    [503, 'cancelled', 'by-request'],
  ])('lets the attempt in flight end: answered with %i it is %s', async (status, state, cancelReason) => {
    const { id, answer } = await holdAnswer();
    const reply = await act(id, 'cancel');
    expect([reply.status, reply.body.state]).toEqual([200, 'cancelled']);
    answer(status);
    const delivery = await until(
      async () => {
        const found = await tablehook.getDelivery(id);
        return found.state === state && found;
      },
      { what: state },
    );
    expect(delivery).toMatchObject({ state, cancelReason });
  });

  it('ends one that waits', async () => {
    const { id, changeId, webhookId } = await failOnce();
    await tablehook.call('PATCH', `/v1/webhooks/${webhookId}`, { enabled: false });
    await act(id, 'retry');
    await tablehook.deliveryOf(changeId, webhookId, 'waiting');
    expect((await act(id, 'cancel')).body).toMatchObject({ state: 'cancelled', waitReason: null });
  });

  it('releases the next version of the record where the webhook keeps order', async () => {
    const { id, tableId, recordId, webhookId } = await failOnce({ delivery: { order: 'record' } });
    const { changeId } = await tablehook.updateRecord(tableId, recordId, { Title: 'Later' });
    await tablehook.deliveryOf(changeId, webhookId, 'waiting');
    await act(id, 'cancel');
    await tablehook.deliveryOf(changeId, webhookId);
  });

  it('is 409 for one that was delivered', async () => {
    const { changeId, webhookId } = await fire((await endpoint()).url);
    const { id } = await tablehook.deliveryOf(changeId, webhookId);
    const { status, body } = await refuse(id, 'cancel');
    expect(status).toBe(409);
    expect(body.detail).toMatch(/delivered already/);
  });
});

describe.each(['retry', 'cancel', 'redeliver'])('POST /v1/deliveries/{id}/%s', (verb) => {
  it('is 404 for one that does not exist', async () => {
    expect((await refuse(newId('dlv'), verb)).status).toBe(404);
  });

  it('is 403 to a key that does not reach the table, and changes nothing', async () => {
    const { id } = await failOnce();
    const elsewhere = await tablehook.createTable();
    const { key } = await tablehook.createKey({
      name: 'elsewhere',
      scopes: ['deliveries:write'],
      tables: [elsewhere.id],
    });
    const { status } = await tablehook.as(key).call('POST', `/v1/deliveries/${id}/${verb}`);
    expect(status).toBe(403);
    expect(await tablehook.getDelivery(id)).toMatchObject({ state: 'retrying', attemptCount: 1 });
  });

  it('refuses a body it does not know', async () => {
    const { status } = await tablehook.call('POST', `/v1/deliveries/${newId('dlv')}/${verb}`, { now: true });
    expect(status).toBe(400);
  });
});
