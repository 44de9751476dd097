import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { CallLog } from '../../support/call-log.ts';
import { startCallLog } from '../../support/call-log.ts';
import { settleInOrder } from '../../support/order-oracle.ts';
import { createOrderedWebhook } from '../../support/ordered-webhook.ts';
import type { Tablehook } from '../../support/tablehook.ts';
import { startTablehook } from '../../support/tablehook.ts';
import { until } from '../../support/until.ts';

const HANG = { kind: 'hang' } as const;
const UNAVAILABLE = { kind: 'answer', status: 503 } as const;
const NEVER = 3_600_000;

describe('order that is switched while deliveries are open', () => {
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

  const unordered = async (retry: object = {}) =>
    createOrderedWebhook(tablehook, endpoint, { delivery: { order: 'none' }, retry });

  it('holds what is new behind a call that was under way when order came, and lets it go after', async () => {
    const { webhook, tableId, patch, edit } = await unordered();
    endpoint.next(HANG);
    const { id } = await tablehook.createRecord(tableId);
    await until(async () => endpoint.calls.length === 1);
    await patch({ delivery: { order: 'record' } });
    const held = await tablehook.deliveryOf(await edit(id, 'later'), webhook.id, 'waiting');
    expect(held.waitReason).toBe('earlier-change');
    endpoint.answerHanging(200);
    await settleInOrder(tablehook, endpoint, { webhookId: webhook.id, count: 2 });
  });

  it('puts in order what was being retried without', async () => {
    const { webhook, tableId, patch, editTimes } = await unordered({ initialMs: 400, jitter: 0 });
    endpoint.always(UNAVAILABLE);
    const { id } = await tablehook.createRecord(tableId);
    const later = await editTimes(id, 3);
    const last = later.at(-1) ?? '';
    await tablehook.deliveryOf(last, webhook.id, 'retrying');
    await patch({ delivery: { order: 'record' } });
    // Each: an attempt that began before the switch may still be on its way to the endpoint.
    for (const changeOf of later) await tablehook.deliveryOf(changeOf, webhook.id, 'waiting');
    const before = endpoint.calls.length;
    endpoint.always({ kind: 'answer', status: 200 });
    await tablehook.deliveryOf(last, webhook.id);
    const versions = endpoint.calls.slice(before).map(({ version }) => version);
    expect(versions).toEqual(versions.toSorted((one, other) => one - other));
    expect(versions.slice(-3)).toEqual([2, 3, 4]);
  });

  it('lets go of what waited when order is not wanted any more', async () => {
    const { webhook, tableId, patch, editTimes } = await createOrderedWebhook(tablehook, endpoint);
    endpoint.next(HANG);
    const { id, changeId } = await tablehook.createRecord(tableId);
    await until(async () => endpoint.calls.length === 1);
    const later = await editTimes(id, 3);
    await tablehook.deliveryOf(later[2] ?? '', webhook.id, 'waiting');
    await patch({ delivery: { order: 'none' } });
    for (const changeOf of later) await tablehook.deliveryOf(changeOf, webhook.id);
    endpoint.answerHanging(200);
    await tablehook.deliveryOf(changeId, webhook.id);
  });

  it('settles all when it is switched again and again amid failures', async () => {
    const { webhook, tableId, patch, edit } = await createOrderedWebhook(tablehook, endpoint);
    const records = await Promise.all([1, 2, 3].map(async () => tablehook.createRecord(tableId)));
    for (let round = 0; round < 8; round += 1) {
      endpoint.next(UNAVAILABLE, { kind: 'reset' }, { kind: 'answer', status: 200, afterMs: 60 });
      const switched = patch({ delivery: { order: round % 2 === 0 ? 'none' : 'record' } });
      await Promise.all([switched, ...records.map(async ({ id }) => edit(id, `round ${round}`))]);
    }
    const { deliveries } = tablehook.services.models;
    const open = { webhookId: webhook.id, open: true };
    await until(async () => (await deliveries.countDocuments(open)) === 0, { what: 'all settled' });
    expect(await deliveries.countDocuments({ webhookId: webhook.id, state: 'delivered' })).toBe(27);
  });
});
