import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { CIRCUIT } from '../../../src/domain/circuit.ts';
import { webhookFailing } from '../../../src/services/events/events.ts';
import { EVENTS_TABLE_ID } from '../../../src/services/events/system-table.ts';
import { tellLeftUntold } from '../../../src/services/events/untold.ts';
import { noteHealth } from '../../../src/services/webhooks/note-health.ts';
import type { Page } from '../../../src/contracts/page.ts';
import type { TableRecord } from '../../../src/contracts/record.ts';
import type { Receiver } from '../../support/receiver.ts';
import { startReceiver } from '../../support/receiver.ts';
import type { Tablehook } from '../../support/tablehook.ts';
import { startTablehook } from '../../support/tablehook.ts';
import { until } from '../../support/until.ts';

describe('an event whose teller died', () => {
  let tablehook: Tablehook;
  let receiver: Receiver;
  let tableId: string;
  let tell: Tablehook['worker']['events']['tell'];

  beforeAll(async () => {
    tablehook = await startTablehook({ reconcileEveryMs: 3_600_000 });
    ({ tell } = tablehook.worker.events);
  });
  afterAll(async () => tablehook.stop());
  beforeEach(async () => {
    receiver = await startReceiver();
    tableId = (await tablehook.createTable()).id;
  });
  afterEach(async () => {
    vi.restoreAllMocks();
    await receiver.close();
  });

  const register = async () => tablehook.createWebhook(tableId, { url: receiver.url });
  const dieBeforeTelling = () =>
    vi.spyOn(tablehook.worker.events, 'tell').mockRejectedValue(new Error('the process is gone'));
  /** What a reconciler does, an hour later; nobody else tells before it has. */
  const reconcile = async () => {
    const clock = () => new Date(Date.now() + 3_600_000);
    const told = await tellLeftUntold({ ...tablehook.services, clock, events: { tell } });
    vi.restoreAllMocks();
    return told;
  };
  const eventsOf = async (webhookId: string) => {
    const { body } = await tablehook.call<Page<TableRecord>>(
      'GET',
      `/v1/tables/${EVENTS_TABLE_ID}/records?limit=200`,
    );
    return body.data.map(({ values }) => values).filter((values) => values['WebhookId'] === webhookId);
  };

  it('is told by the reconciler, once: a pause', async () => {
    const webhook = await register();
    dieBeforeTelling();
    const { status } = await tablehook.call('POST', `/v1/webhooks/${webhook.id}/pause`, { reason: 'moving' });
    expect(status).toBe(200);
    expect(await reconcile()).toBe(1);
    expect(await eventsOf(webhook.id)).toMatchObject([{ Event: 'webhook.paused', Reason: 'moving' }]);
    expect(await reconcile()).toBe(0);
  });

  it('is told by the reconciler, once: a delivery that failed', async () => {
    receiver.answerAlways({ status: 404 });
    const webhook = await register();
    dieBeforeTelling();
    const { changeId } = await tablehook.createRecord(tableId);
    const { id } = await tablehook.deliveryOf(changeId, webhook.id, 'failed');
    expect(await tablehook.services.models.deliveries.countDocuments({ _id: id, untold: true })).toBe(1);
    expect(await reconcile()).toBe(1);
    // The activity that could not tell is run again by Temporal: it is the same event.
    await until(async () => !(await tablehook.worker.workflows.isRunning(changeId ?? '')), {
      what: 'the end of the workflow',
    });
    expect(await eventsOf(webhook.id)).toMatchObject([{ Event: 'delivery.failed', DeliveryId: id }]);
    expect(await reconcile()).toBe(0);
  });

  it('is told by the reconciler too of a delivery that was sent again, and failed, while it told the first time', async () => {
    receiver.answerAlways({ status: 404 });
    const webhook = await register();
    const { changeId } = await tablehook.createRecord(tableId);
    const { id } = await tablehook.deliveryOf(changeId, webhook.id, 'failed');
    const told = async () => (await eventsOf(webhook.id)).length;
    await until(async () => (await told()) === 1, { what: 'the first event' });
    const { services, worker } = tablehook;
    const { deliveries } = services.models;
    await deliveries.updateOne({ _id: id }, { $set: { untold: true } });
    const failAgain = async () => {
      const again = { attemptCount: 2, settledAt: new Date(Date.now() + 60_000), untold: true as const };
      await deliveries.updateOne({ _id: id }, { $set: again });
    };
    const clock = () => new Date(Date.now() + 3_600_000);
    await tellLeftUntold({
      ...services,
      clock,
      events: { tell: async (events) => failAgain().then(async () => worker.events.tell(events)) },
    });
    expect(await told()).toBe(1);
    expect(await reconcile()).toBe(1);
    expect(await told()).toBe(2);
    expect(await reconcile()).toBe(0);
  });

  it('is told by the reconciler: that an endpoint fails, and that it recovered', async () => {
    const { id } = await register();
    const { services, worker } = tablehook;
    dieBeforeTelling();
    const read = async () => {
      const webhook = await services.models.webhooks.findOne({ _id: id }).lean();
      if (!webhook) throw new Error('no webhook');
      return webhook;
    };
    const note = async (answer: { verdict: { kind: 'delivered' } | { kind: 'retry'; retryAfterMs: null } }) =>
      noteHealth(
        { ...services, circuit: { ...CIRCUIT, failures: 1, failingForMs: 0 }, ...worker },
        { webhook: await read(), answers: [{ status: null, ...answer }] },
      );
    await expect(note({ verdict: { kind: 'retry', retryAfterMs: null } })).rejects.toThrow('gone');
    await expect(note({ verdict: { kind: 'delivered' } })).rejects.toThrow('gone');
    expect(await reconcile()).toBe(2);
    const told = await eventsOf(id);
    expect(told.map((values) => values['Event'])).toEqual(
      expect.arrayContaining(['webhook.failing', 'webhook.recovered']),
    );
    expect((await read()).untold).toEqual([]);
  });

  it('leaves nothing to tell when its delivery arrived after all', async () => {
    const webhook = await register();
    const { changeId } = await tablehook.createRecord(tableId);
    const { id } = await tablehook.deliveryOf(changeId, webhook.id, 'delivered');
    const { deliveries } = tablehook.services.models;
    await deliveries.updateOne({ _id: id }, { $set: { untold: true } });
    expect(await reconcile()).toBe(0);
    expect(await deliveries.countDocuments({ _id: id, untold: true })).toBe(0);
    expect(await eventsOf(webhook.id)).toEqual([]);
  });

  it('is left to whoever noticed it while that is recent', async () => {
    const webhook = await register();
    const stored = await tablehook.services.models.webhooks.findOne({ _id: webhook.id }).lean();
    if (!stored) throw new Error('no webhook');
    const { type, reason, at } = webhookFailing(stored, new Date());
    await tablehook.services.models.webhooks.updateOne(
      { _id: webhook.id },
      { $push: { untold: { type: type as 'webhook.failing', reason, at } } },
    );
    const context = { ...tablehook.services, events: tablehook.worker.events };
    expect(await tellLeftUntold(context)).toBe(0);
    expect(await reconcile()).toBe(1);
  });
});
