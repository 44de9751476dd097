import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { rerunChange } from '../../../src/services/changes/rerun.ts';
import type { CallLog } from '../../support/call-log.ts';
import { startCallLog } from '../../support/call-log.ts';
import { settleInOrder } from '../../support/order-oracle.ts';
import { createOrderedWebhook } from '../../support/ordered-webhook.ts';
import type { Tablehook } from '../../support/tablehook.ts';
import { startTablehook } from '../../support/tablehook.ts';
import { until } from '../../support/until.ts';

const NEVER = 3_600_000;

describe('order over several workers', () => {
  let tablehook: Tablehook;
  let endpoint: CallLog;

  beforeEach(async () => {
    tablehook = await startTablehook({ reconcileEveryMs: NEVER });
    endpoint = await startCallLog();
  });
  afterEach(async () => {
    await tablehook.stop();
    await endpoint.close();
  });

  it('holds while two of them work, and one is stopped in the middle of its calls', async () => {
    const other = await tablehook.addWorker();
    const { webhook, tableId, edit } = await createOrderedWebhook(tablehook, endpoint, {
      retry: { timeoutMs: 1_000 },
    });
    const records = await Promise.all([1, 2, 3, 4].map(async () => tablehook.createRecord(tableId)));
    endpoint.always({ kind: 'answer', status: 200, afterMs: 60 });
    for (let round = 0; round < 6; round += 1) {
      endpoint.next({ kind: 'answer', status: 503 }, { kind: 'hang' });
      await Promise.all(records.map(async ({ id }) => edit(id, `round ${round}`)));
    }
    await other.stop();
    await settleInOrder(tablehook, endpoint, { webhookId: webhook.id, count: 28 });
  });

  it('goes on with the next worker when the only one is stopped', async () => {
    const { webhook, tableId, editTimes } = await createOrderedWebhook(tablehook, endpoint);
    endpoint.next({ kind: 'hang' });
    const { id } = await tablehook.createRecord(tableId);
    await until(async () => endpoint.calls.length === 1);
    const [, last = ''] = await editTimes(id, 2);
    await tablehook.deliveryOf(last, webhook.id, 'waiting');
    await tablehook.worker.stop();
    await tablehook.addWorker();
    const [first] = await settleInOrder(tablehook, endpoint, { webhookId: webhook.id, count: 3 });
    expect(first?.attempts.map(({ outcome }) => outcome)).toEqual(['interrupted', 'delivered']);
    expect(endpoint.versionsOf(id)).toEqual([1, 1, 2, 3]);
  });

  it('is kept up by who comes after a worker that settled a version and died before it woke the next', async () => {
    const { webhook, tableId, edit } = await createOrderedWebhook(tablehook, endpoint, {
      retry: { timeoutMs: 60_000 },
    });
    endpoint.next({ kind: 'hang' });
    const { id, changeId } = await tablehook.createRecord(tableId);
    await until(async () => endpoint.calls.length === 1);
    const second = await edit(id, 'later');
    await tablehook.deliveryOf(second, webhook.id, 'waiting');
    const { models } = tablehook.services;
    const settled = { state: 'delivered', open: false, claim: null, settledAt: new Date() } as const;
    await models.deliveries.updateOne({ changeId: changeId ?? '' }, { $set: settled });
    const change = await models.changes.findOne({ _id: changeId ?? '' }).lean();
    if (!change) throw new Error('no change');
    await rerunChange({ models, workflows: tablehook.worker.workflows }, change);
    await tablehook.deliveryOf(second, webhook.id);
    endpoint.answerHanging(200);
  });

  it('leaves the rest of a line to the next worker instead of cutting it off', async () => {
    const { webhook, createMany, tell, waiting } = await createOrderedWebhook(tablehook, endpoint, {
      delivery: { order: 'none' },
    });
    endpoint.always({ kind: 'hang' });
    await tell('pause');
    await createMany(200);
    await waiting(200);
    await tell('resume');
    await until(async () => endpoint.calls.length > 0);
    await tablehook.worker.stop();
    const { deliveries } = tablehook.services.models;
    const docs = await deliveries.find({ webhookId: webhook.id }).lean();
    const cutOff = docs.flatMap(({ attempts }) =>
      attempts.filter(({ outcome }) => outcome === 'interrupted'),
    );
    // Only calls that were made can be cut off.
    expect(cutOff.length).toBeLessThanOrEqual(endpoint.calls.length);
    expect(docs.filter(({ state }) => state === 'waiting').length).toBeGreaterThan(100);
  });
});
