import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { CallLog } from '../../support/call-log.ts';
import { startCallLog } from '../../support/call-log.ts';
import { settleInOrder } from '../../support/order-oracle.ts';
import { createOrderedWebhook } from '../../support/ordered-webhook.ts';
import type { Tablehook } from '../../support/tablehook.ts';
import { startTablehook } from '../../support/tablehook.ts';
import { until } from '../../support/until.ts';

const UNAVAILABLE = { kind: 'answer', status: 503 } as const;
const NEVER = 3_600_000;
const SOON_OPEN = { failures: 2, failingForMs: 1, probeAfterMs: 200, maxProbeAfterMs: 500 };

describe('order together with what else holds deliveries back', () => {
  let tablehook: Tablehook;
  let endpoint: CallLog;

  beforeAll(async () => {
    tablehook = await startTablehook({ reconcileEveryMs: NEVER, circuit: SOON_OPEN });
  });
  afterAll(async () => tablehook.stop());
  beforeEach(async () => {
    endpoint = await startCallLog();
  });
  afterEach(async () => endpoint.close());

  it('forgets nobody who found no slot', async () => {
    const { webhook, tableId, createMany } = await createOrderedWebhook(tablehook, endpoint, {
      delivery: { ratePerSecond: 20 },
    });
    await createMany(15);
    await tablehook.createRecord(tableId);
    await settleInOrder(tablehook, endpoint, { webhookId: webhook.id, count: 16 });
  });

  it('forgets nobody who found no seat', async () => {
    const { webhook, createMany } = await createOrderedWebhook(tablehook, endpoint, {
      delivery: { maxInFlight: 1 },
    });
    endpoint.always({ kind: 'answer', status: 200, afterMs: 30 });
    await createMany(8);
    await settleInOrder(tablehook, endpoint, { webhookId: webhook.id, count: 8 });
  });

  it('forgets nobody who found no turn at a busy endpoint', async () => {
    const { webhook, createMany } = await createOrderedWebhook(tablehook, endpoint);
    endpoint.always({ kind: 'answer', status: 200, afterMs: 150 });
    await createMany(60);
    await settleInOrder(tablehook, endpoint, { webhookId: webhook.id, count: 60 });
  });

  it('forgets no record that is new while others are let go', async () => {
    const { webhook, tableId, createMany, tell, waiting } = await createOrderedWebhook(tablehook, endpoint);
    await tell('pause');
    await createMany(6);
    await waiting(6);
    await tell('resume', { ratePerSecond: 5 });
    await until(async () => endpoint.calls.length >= 2);
    const { id } = await tablehook.createRecord(tableId);
    await settleInOrder(tablehook, endpoint, { webhookId: webhook.id, count: 7 });
    expect(endpoint.calls.at(-1)?.recordId).toBe(id);
    await until(async () => {
      const found = await tablehook.services.models.webhooks.findOne({ _id: webhook.id }).lean();
      return found?.resuming === null;
    });
  });

  it('keeps the rate of a resume for the later versions of a record, too', async () => {
    const { webhook, tableId, editTimes, tell, waiting } = await createOrderedWebhook(tablehook, endpoint);
    await tell('pause');
    const { id } = await tablehook.createRecord(tableId);
    await editTimes(id, 7);
    await waiting(8);
    const resumedAt = Date.now();
    await tell('resume', { ratePerSecond: 4 });
    await settleInOrder(tablehook, endpoint, { webhookId: webhook.id, count: 8 });
    // 8 at 4/s leave in 1.75 s; a clock's tick may be missing. The first may be late, and the last is not for that.
    expect((endpoint.calls.at(-1)?.startedAt ?? 0) - resumedAt).toBeGreaterThan(1_700);
    await until(async () => {
      const found = await tablehook.services.models.webhooks.findOne({ _id: webhook.id }).lean();
      return found?.resuming === null;
    });
  });

  it('probes past versions that wait for one whose next attempt is far off', async () => {
    const { webhook, tableId, editTimes } = await createOrderedWebhook(tablehook, endpoint, {
      retry: { initialMs: 3_600_000, jitter: 0 },
    });
    endpoint.next(UNAVAILABLE, UNAVAILABLE);
    const far = await tablehook.createRecord(tableId);
    await tablehook.deliveryOf(far.changeId, webhook.id, 'retrying');
    const other = await tablehook.createRecord(tableId);
    await tablehook.deliveryOf(other.changeId, webhook.id, 'retrying');
    const later = await editTimes(far.id, 12);
    await tablehook.deliveryOf(later[11] ?? '', webhook.id, 'waiting');
    const healthy = await tablehook.createRecord(tableId);
    await tablehook.deliveryOf(healthy.changeId, webhook.id);
    expect(endpoint.versionsOf(far.id)).toEqual([1]);
  });

  it('goes on in order when the circuit has closed', async () => {
    const { webhook, tableId, editTimes } = await createOrderedWebhook(tablehook, endpoint);
    endpoint.always(UNAVAILABLE);
    const { id } = await tablehook.createRecord(tableId);
    await until(async () => {
      const found = await tablehook.services.models.webhooks.findOne({ _id: webhook.id }).lean();
      return found?.health.circuit === 'open';
    });
    await editTimes(id, 5);
    endpoint.always({ kind: 'answer', status: 200 });
    await settleInOrder(tablehook, endpoint, { webhookId: webhook.id, count: 6 });
  });
});
