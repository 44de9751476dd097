import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { CallLog } from '../../support/call-log.ts';
import { startCallLog } from '../../support/call-log.ts';
import { settleInOrder } from '../../support/order-oracle.ts';
import { createOrderedWebhook } from '../../support/ordered-webhook.ts';
import type { Tablehook } from '../../support/tablehook.ts';
import { startTablehook } from '../../support/tablehook.ts';
import { until } from '../../support/until.ts';

const UNAVAILABLE = { kind: 'answer', status: 503 } as const;
const NOT_FOUND = { kind: 'answer', status: 404 } as const;
const HANG = { kind: 'hang' } as const;
/** No reconciler: whatever settles here was woken by what it waited for. */
const NEVER = 3_600_000;

describe('a webhook that keeps the order of a record’s changes', () => {
  let tablehook: Tablehook;
  let endpoint: CallLog;

  beforeAll(async () => {
    tablehook = await startTablehook({ reconcileEveryMs: NEVER });
  });
  afterAll(async () => tablehook.stop());
  beforeEach(async () => {
    endpoint = await startCallLog();
  });
  afterEach(async () => endpoint.close());

  it('holds later versions until the first has arrived, then sends them in order', async () => {
    const { webhook, tableId, editTimes } = await createOrderedWebhook(tablehook, endpoint);
    endpoint.next(UNAVAILABLE, HANG);
    const { id, changeId } = await tablehook.createRecord(tableId);
    await until(async () => endpoint.calls.length === 2);
    const later = await editTimes(id, 2);
    for (const changeOf of later) {
      const held = await tablehook.deliveryOf(changeOf, webhook.id, 'waiting');
      expect(held).toMatchObject({ waitReason: 'earlier-change', attemptCount: 0, nextAttemptAt: null });
    }
    endpoint.answerHanging(200);
    await settleInOrder(tablehook, endpoint, { webhookId: webhook.id, count: 3 });
    expect(endpoint.versionsOf(id)).toEqual([1, 1, 2, 3]);
    const first = await tablehook.deliveryOf(changeId, webhook.id);
    expect(first.attempts.map(({ status }) => status)).toEqual([503, 200]);
  });

  it('lets other records go on at once while one has to wait', async () => {
    const { webhook, tableId, edit } = await createOrderedWebhook(tablehook, endpoint);
    endpoint.next(HANG);
    const stuck = await tablehook.createRecord(tableId);
    await until(async () => endpoint.calls.length === 1);
    await tablehook.deliveryOf(await edit(stuck.id, 'later'), webhook.id, 'waiting');
    await until(async () => tablehook.worker.fastPath.isIdleFor(tableId), { what: 'a place for the next' });
    const free = await tablehook.createRecord(tableId);
    await tablehook.deliveryOf(free.changeId, webhook.id);
    await tablehook.deliveryOf(await edit(free.id, 'later'), webhook.id);
    expect(endpoint.versionsOf(free.id)).toEqual([1, 2]);
    expect(endpoint.versionsOf(stuck.id)).toEqual([1]);
    endpoint.answerHanging(200);
    await settleInOrder(tablehook, endpoint, { webhookId: webhook.id, count: 4 });
  });

  it('lets the next version go when the one before it failed for good', async () => {
    const { webhook, tableId, editTimes } = await createOrderedWebhook(tablehook, endpoint);
    endpoint.next(HANG, NOT_FOUND);
    const { id, changeId } = await tablehook.createRecord(tableId);
    await until(async () => endpoint.calls.length === 1);
    const [second = '', third = ''] = await editTimes(id, 2);
    await tablehook.deliveryOf(third, webhook.id, 'waiting');
    endpoint.answerHanging(404);
    await tablehook.deliveryOf(third, webhook.id);
    expect(endpoint.versionsOf(id)).toEqual([1, 2, 3]);
    await tablehook.deliveryOf(changeId, webhook.id, 'failed');
    await tablehook.deliveryOf(second, webhook.id, 'failed');
    await settleInOrder(tablehook, endpoint, { webhookId: webhook.id, count: 3 });
  });

  it('sends many versions that were planned together one after the other', async () => {
    const { webhook, tableId, tell, waiting } = await createOrderedWebhook(tablehook, endpoint);
    await tell('pause');
    const { id } = await tablehook.createRecord(tableId);
    const edits = Array.from({ length: 30 }, async (_, index) =>
      tablehook.updateRecord(tableId, id, { Title: `edit ${index}` }),
    );
    await Promise.all(edits);
    await waiting(31);
    endpoint.next(UNAVAILABLE, { kind: 'reset' }, UNAVAILABLE);
    await tell('resume');
    await settleInOrder(tablehook, endpoint, { webhookId: webhook.id, count: 31 });
  });

  it('sends many versions written at the same time one after the other', async () => {
    const { webhook, tableId } = await createOrderedWebhook(tablehook, endpoint);
    endpoint.next(UNAVAILABLE, UNAVAILABLE);
    const { id } = await tablehook.createRecord(tableId);
    const edits = Array.from({ length: 30 }, async (_, index) =>
      tablehook.updateRecord(tableId, id, { Title: `edit ${index}` }),
    );
    await Promise.all(edits);
    await settleInOrder(tablehook, endpoint, { webhookId: webhook.id, count: 31 });
  });

  it('waits for no change that it is not owed', async () => {
    const hears = { events: ['record.updated'] };
    const { webhook, tableId, edit } = await createOrderedWebhook(tablehook, endpoint, hears);
    const records = await Promise.all([1, 2, 3, 4, 5].map(async () => tablehook.createRecord(tableId)));
    for (const { id } of records) await edit(id, 'heard');
    await settleInOrder(tablehook, endpoint, { webhookId: webhook.id, count: 5 });
    expect(endpoint.calls.map(({ version }) => version)).toEqual([2, 2, 2, 2, 2]);
  });

  it('waits for the deletion of a record to be its last, too', async () => {
    const { webhook, tableId, edit } = await createOrderedWebhook(tablehook, endpoint);
    endpoint.next(HANG);
    const { id } = await tablehook.createRecord(tableId);
    await until(async () => endpoint.calls.length === 1);
    await edit(id, 'last words');
    await tablehook.call('DELETE', `/v1/tables/${tableId}/records/${id}`);
    endpoint.answerHanging(503);
    await settleInOrder(tablehook, endpoint, { webhookId: webhook.id, count: 3 });
    expect(endpoint.versionsOf(id)).toEqual([1, 1, 2, 3]);
  });

  it('cancels what waits when it is deleted', async () => {
    const { webhook, tableId, editTimes } = await createOrderedWebhook(tablehook, endpoint);
    endpoint.next(HANG);
    const { id, changeId } = await tablehook.createRecord(tableId);
    await until(async () => endpoint.calls.length === 1);
    const later = await editTimes(id, 2);
    await tablehook.deliveryOf(later[1] ?? '', webhook.id, 'waiting');
    await tablehook.call('DELETE', `/v1/webhooks/${webhook.id}`);
    for (const changeOf of later) await tablehook.deliveryOf(changeOf, webhook.id, 'cancelled');
    endpoint.answerHanging(200);
    // The call in flight got through after all.
    await tablehook.deliveryOf(changeId, webhook.id);
    expect(endpoint.versionsOf(id)).toEqual([1]);
  });

  it('makes no other webhook of its table wait', async () => {
    const { webhook, tableId, editTimes } = await createOrderedWebhook(tablehook, endpoint);
    const other = await startCallLog();
    const unordered = await tablehook.createWebhook(tableId, { url: other.url });
    endpoint.next(HANG);
    const { id } = await tablehook.createRecord(tableId);
    await until(async () => endpoint.calls.length === 1);
    for (const changeOf of await editTimes(id, 3)) await tablehook.deliveryOf(changeOf, unordered.id);
    expect(new Set(other.versionsOf(id))).toEqual(new Set([1, 2, 3, 4]));
    expect(endpoint.versionsOf(id)).toEqual([1]);
    endpoint.answerHanging(200);
    await settleInOrder(tablehook, endpoint, { webhookId: webhook.id, count: 4 });
    await other.close();
  });
});
