import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Delivery } from '../../src/contracts/delivery.ts';
import type { Problem } from '../../src/contracts/problem.ts';
import type { Replay } from '../../src/contracts/replay.ts';
import type { Table } from '../../src/contracts/table.ts';
import type { Webhook } from '../../src/contracts/webhook.ts';
import type { WebhookHealth } from '../../src/contracts/webhook-health.ts';
import type { RequestContext } from '../../src/services/context.ts';
import { redeliverDelivery } from '../../src/services/deliveries/redeliver.ts';
import { EVENTS_TABLE_ID } from '../../src/services/events/system-table.ts';
import type { Receiver } from '../support/receiver.ts';
import { startReceiver } from '../support/receiver.ts';
import type { Tablehook } from '../support/tablehook.ts';
import { startTablehook } from '../support/tablehook.ts';
import type { TemporalView } from '../support/temporal.ts';
import { decodedText, viewTemporal } from '../support/temporal.ts';
import { until } from '../support/until.ts';

/** Yields JSON for the samples, and not for a record whose Title is the word. */
const FAILING =
  '{% if item.record.Title == "S3CRET" %}{{ item.record.Title }}{% else %}{"v":{{ item.recordVersion }}}{% endif %}';
/** Counts for longer than it may. */
const HEAVY =
  '{% if item.record.Title == "S3CRET" %}{% for a in (1..90) %}{% for b in (1..9000) %}{% if a == b %}{% endif %}{% endfor %}{% endfor %}{% endif %}{"v":1}';
const MENDED = '{"v":{{ item.recordVersion }}}';
const REASON = 'template-failed: it does not yield JSON';

describe('a template that fails on a change', () => {
  let tablehook: Tablehook;
  let temporal: TemporalView;
  let receiver: Receiver;
  let table: Table;
  beforeAll(async () => {
    tablehook = await startTablehook();
    temporal = await viewTemporal();
  });
  afterAll(async () => {
    await temporal.close();
    await tablehook.stop();
    await receiver.close();
  });
  beforeEach(async () => {
    await receiver?.close();
    receiver = await startReceiver();
    table = await tablehook.createTable();
  });

  const register = (input: Record<string, unknown> = {}) =>
    tablehook.createWebhook(table.id, {
      url: receiver.url,
      payload: { format: 'template', template: FAILING },
      ...input,
    });
  const write = (title: string) => tablehook.createRecord(table.id, { Title: title });
  const mend = (webhookId: string, payload: unknown = { template: MENDED }) =>
    tablehook.call<Webhook>('PATCH', `/v1/webhooks/${webhookId}`, { payload });
  const redeliver = <T = Delivery>(id: string) => tablehook.call<T>('POST', `/v1/deliveries/${id}/redeliver`);
  const bodies = () => receiver.received.map(({ body }) => JSON.parse(body) as unknown);
  const eventsOf = async (deliveryId: string) =>
    tablehook.services.models.changes
      .find({ tableId: EVENTS_TABLE_ID, changeKey: new RegExp(`^delivery\\.failed:${deliveryId}:`) })
      .lean();

  it('settles that delivery as failed, without an attempt, and no other', async () => {
    const failing = await register();
    const fine = await tablehook.createWebhook(table.id, { url: receiver.url, name: 'Fine' });
    const { changeId } = await write('S3CRET');
    const delivery = await tablehook.deliveryOf(changeId, failing.id, 'failed');
    expect(delivery).toMatchObject({
      failureReason: REASON,
      attemptCount: 0,
      attempts: [],
      nextAttemptAt: null,
    });
    expect(delivery.settledAt).not.toBeNull();
    await tablehook.deliveryOf(changeId, fine.id);
    expect(receiver.received.map(({ event }) => event.webhook.name)).toEqual(['Fine']);
    await tablehook.deliveryOf((await write('Ship')).changeId, failing.id);
    expect(bodies()).toContainEqual({ v: 1 });
    const { body } = await tablehook.call<WebhookHealth>('GET', `/v1/webhooks/${failing.id}/health`);
    expect(body).toMatchObject({ status: 'active', lastFailureAt: null, circuit: 'closed', open: 0 });
  });

  it('is planned soon, with all that shares its workflow, however long its template takes', async () => {
    const heavy = await register({ payload: { format: 'template', template: HEAVY } });
    const fine = await tablehook.createWebhook(table.id, { url: receiver.url, name: 'Fine' });
    const operations = Array.from({ length: 30 }, () => ({ op: 'create', values: { Title: 'S3CRET' } }));
    const { body } = await tablehook.call<{ results: { changeId: string }[] }>(
      'POST',
      `/v1/tables/${table.id}/records/batch`,
      { operations },
    );
    for (const { changeId } of body.results) {
      await tablehook.deliveryOf(changeId, heavy.id, 'failed');
      await tablehook.deliveryOf(changeId, fine.id);
    }
  });

  it('is told as an event, once, and named by the workflow, without the values of the record', async () => {
    const { id } = await register({ name: 'Templated' });
    const { changeId } = await write('S3CRET');
    const delivery = await tablehook.deliveryOf(changeId, id, 'failed');
    const events = await until(async () => {
      const found = await eventsOf(delivery.id);
      return found.length > 0 && found;
    });
    expect(events).toHaveLength(1);
    expect(Object.values(events[0]?.record ?? {})).toContain(REASON);
    const { workflow } = await tablehook.getChange(changeId ?? '');
    const handle = temporal.client.workflow.getHandle(workflow?.id ?? '');
    await expect(handle.result()).rejects.toMatchObject({
      cause: { message: expect.stringContaining(`1 of 1 deliveries failed: Templated (${REASON})`) },
    });
    const history = decodedText(await temporal.history(workflow?.id ?? ''));
    expect(history).toContain(REASON);
    expect(history).not.toContain('S3CRET');
  });

  it('is rendered anew when it is redelivered, and 409 with the reason while the template still fails', async () => {
    const { id: webhookId } = await register();
    const { changeId } = await write('S3CRET');
    const { id } = await tablehook.deliveryOf(changeId, webhookId, 'failed');
    const refused = await redeliver<Problem>(id);
    expect([refused.status, refused.body.code]).toEqual([409, 'conflict']);
    expect(refused.body.detail).toMatch(/does not yield JSON.*Mend it/);
    expect(await tablehook.getDelivery(id)).toMatchObject({ state: 'failed', failureReason: REASON });
    await mend(webhookId);
    expect((await redeliver(id)).status).toBe(202);
    expect(await tablehook.deliveryOf(changeId, webhookId)).toMatchObject({
      id,
      attemptCount: 1,
      failureReason: null,
      replay: true,
    });
    expect(bodies()).toEqual([{ v: 1 }]);
  });

  it('keeps the bytes it was sent with, though somebody else began to redeliver it before', async () => {
    const { id: webhookId } = await register();
    const { changeId } = await write('S3CRET');
    const { id } = await tablehook.deliveryOf(changeId, webhookId, 'failed');
    await mend(webhookId);
    const { models } = tablehook.services;
    let reads = 0;
    // The slow one has rendered; then all of the other's redelivery happens.
    const changes = new Proxy(models.changes, {
      get: (target, key) => {
        if (key !== 'findOne' || reads++ > 0) return Reflect.get(target, key);
        return () => ({
          lean: async () => {
            const change = await models.changes.findOne({ _id: changeId ?? '' }).lean();
            await redeliver(id);
            await tablehook.deliveryOf(changeId, webhookId);
            return change;
          },
        });
      },
    });
    const actor = { apiKeyId: 'key', name: 'test', scopes: [], tables: null };
    const { waker } = tablehook.worker;
    const context = { ...tablehook.services, actor, waker, models: { ...models, changes } };
    const slow = redeliverDelivery(context as unknown as RequestContext, { deliveryId: id, force: false });
    await expect(slow).rejects.toThrow('by somebody else');
    expect(receiver.received).toHaveLength(1);
  });

  it('is rendered anew by a replay, which leaves alone what still fails', async () => {
    const { id: webhookId } = await register();
    const [one, two] = [await write('S3CRET'), await write('S3CRET')];
    for (const { changeId } of [one, two]) await tablehook.deliveryOf(changeId, webhookId, 'failed');
    await tablehook.updateRecord(table.id, two.id, { Title: 'Ship' });
    const replay = async () => {
      const input = { webhookId, filter: { states: ['failed'] } };
      const { body } = await tablehook.call<Replay>('POST', '/v1/replays', input);
      return until(async () => {
        const found = (await tablehook.call<Replay>('GET', `/v1/replays/${body.id}`)).body;
        return found.state === 'completed' && found;
      });
    };
    expect(await replay()).toMatchObject({ selected: 2, sent: 0 });
    const picky = `{% if event.items[0].recordId == "${one.id}" %}no{% else %}${MENDED}{% endif %}`;
    expect((await mend(webhookId, { template: picky })).status).toBe(200);
    expect(await replay()).toMatchObject({ selected: 2, sent: 1 });
    await tablehook.deliveryOf(two.changeId, webhookId);
    expect(await tablehook.deliveryOf(one.changeId, webhookId, 'failed')).toMatchObject({ attemptCount: 0 });
  });

  it('fails in a backfill too, and is sent once it is mended', async () => {
    const { changeId } = await write('S3CRET');
    await write('Ship');
    const { id: webhookId } = await register();
    const input = { webhookId, backfill: { records: true } };
    const { body } = await tablehook.call<Replay>('POST', '/v1/replays', input);
    const delivery = await tablehook.deliveryOf(changeId, webhookId, 'failed');
    expect(delivery).toMatchObject({ failureReason: REASON, attemptCount: 0, replay: true });
    await until(async () => (await eventsOf(delivery.id)).length > 0);
    const ended = await until(async () => {
      const found = (await tablehook.call<Replay>('GET', `/v1/replays/${body.id}`)).body;
      return found.state === 'completed' && found;
    });
    expect(ended).toMatchObject({ selected: 2, sent: 1 });
    await mend(webhookId, { format: 'standard', template: null });
    await redeliver(delivery.id);
    await tablehook.deliveryOf(changeId, webhookId);
    const sent = receiver.received.filter(({ headers }) => headers['webhook-id'] === delivery.id);
    expect(sent.map(({ event }) => event.type)).toEqual(['record.created']);
  });

  it('does not hold up the versions behind it of a webhook that keeps order', async () => {
    const { id: webhookId } = await register({ delivery: { order: 'record' } });
    const first = await write('Ship');
    const second = await tablehook.updateRecord(table.id, first.id, { Title: 'S3CRET' });
    const third = await tablehook.updateRecord(table.id, first.id, { Title: 'Done' });
    await tablehook.deliveryOf(second.changeId, webhookId, 'failed');
    await tablehook.deliveryOf(third.changeId, webhookId);
    expect(bodies()).toEqual([{ v: 1 }, { v: 3 }]);
  });

  describe('of a webhook that merges edits', () => {
    const delivery = { coalesce: { waitMs: 2_500, maxWaitMs: 10_000 } };

    it('does no harm when a later edit makes something of it', async () => {
      const { id: webhookId } = await register({ delivery });
      const first = await write('Ship');
      await tablehook.updateRecord(table.id, first.id, { Count: 1 });
      const { id } = await tablehook.deliveryOf(first.changeId, webhookId);
      expect(bodies()).toEqual([{ v: 2 }]);
      expect(await tablehook.getDelivery(id)).toMatchObject({ failureReason: null });
    });

    it('settles what waited, which is sent as one when it is mended and redelivered', async () => {
      const { id: webhookId } = await register({ delivery });
      const first = await write('Ship');
      await tablehook.deliveryOf(first.changeId, webhookId, 'waiting');
      const second = await tablehook.updateRecord(table.id, first.id, { Title: 'S3CRET' });
      const failed = await tablehook.deliveryOf(first.changeId, webhookId, 'failed');
      expect(failed).toMatchObject({
        failureReason: REASON,
        attemptCount: 0,
        recordVersion: 2,
        mergedChangeIds: [second.changeId],
      });
      await until(async () => (await eventsOf(failed.id)).length > 0);
      const { workflow } = await tablehook.getChange(first.changeId ?? '');
      await expect(temporal.client.workflow.getHandle(workflow?.id ?? '').result()).rejects.toMatchObject({
        cause: { message: expect.stringContaining(REASON) as unknown },
      });
      // What comes next begins anew.
      const third = await tablehook.updateRecord(table.id, first.id, { Title: 'Done' });
      await tablehook.deliveryOf(third.changeId, webhookId);
      await mend(webhookId, { format: 'standard', template: null });
      expect((await redeliver(failed.id)).status).toBe(202);
      await tablehook.deliveryOf(first.changeId, webhookId);
      const sent = receiver.received.filter(({ headers }) => headers['webhook-id'] === failed.id);
      expect(sent.map(({ event }) => [event.type, event.items[0]?.record])).toEqual([
        ['record.created', { Title: 'S3CRET' }],
      ]);
    });
  });
});
