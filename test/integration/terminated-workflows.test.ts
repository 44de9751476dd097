import { Client, Connection } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { VERIFY_AFTER_MS } from '../../src/services/deliveries/reconcile.ts';
import type { Receiver } from '../support/receiver.ts';
import { startReceiver } from '../support/receiver.ts';
import type { Tablehook } from '../support/tablehook.ts';
import { startTablehook } from '../support/tablehook.ts';
import { until } from '../support/until.ts';

describe('a workflow that was terminated by hand', () => {
  let tablehook: Tablehook;
  let receiver: Receiver;
  let connection: Connection;
  let client: Client;

  beforeAll(async () => {
    connection = await Connection.connect({ address: inject('temporalAddress') });
    client = new Client({ connection });
    tablehook = await startTablehook({ reconcileEveryMs: 200 });
  });
  afterAll(async () => {
    await tablehook.stop();
    await connection.close();
  });

  const fire = async (retry: Record<string, unknown>) => {
    receiver = await startReceiver();
    receiver.answerNext({ status: 503 });
    const table = await tablehook.createTable();
    const webhook = await tablehook.createWebhook(table.id, { url: receiver.url, retry });
    const { changeId } = await tablehook.createRecord(table.id);
    return { table, webhook, changeId: changeId ?? '' };
  };
  const statusOf = async (workflowId: string) =>
    (await client.workflow.getHandle(workflowId).describe()).status.name;
  /** The reconciler leaves a delivery alone for a minute; the test does not wait that long. */
  const makeDueForALook = async (changeId: string) => {
    const { modifiedCount } = await tablehook.services.models.deliveries.updateMany(
      { changeId, open: true },
      { $set: { verifyAt: new Date(0) } },
    );
    expect(modifiedCount).toBeGreaterThan(0);
  };

  it('is run again under <changeId>/1 when a delivery of its was still being tried', async () => {
    const { webhook, changeId } = await fire({ initialMs: 2_000, factor: 1, jitter: 0 });
    await tablehook.deliveryOf(changeId, webhook.id, 'retrying');
    await client.workflow.getHandle(changeId).terminate('by hand');
    await makeDueForALook(changeId);
    const delivery = await tablehook.deliveryOf(changeId, webhook.id);
    expect(delivery.workflow.id).toBe(`${changeId}/1`);
    expect(delivery.attempts.map(({ status }) => status)).toEqual([503, 200]);
    expect(new Set(receiver.received.map(({ headers }) => headers['webhook-id']))).toEqual(
      new Set([delivery.id]),
    );
    expect(new Set(receiver.received.map(({ body }) => body)).size).toBe(1);
    expect((await tablehook.getChange(changeId)).workflow?.id).toBe(`${changeId}/1`);
    await until(async () => (await statusOf(`${changeId}/1`)) === 'COMPLETED');
    expect(await statusOf(changeId)).toBe('TERMINATED');
    await receiver.close();
  });

  it('is left alone when its deliveries are settled', async () => {
    const { webhook, changeId } = await fire({ initialMs: 50 });
    await tablehook.deliveryOf(changeId, webhook.id);
    await until(async () => (await statusOf(changeId)) === 'COMPLETED');
    const result = await tablehook.services.models.deliveries.updateMany(
      { changeId },
      { $set: { verifyAt: new Date(0) } },
    );
    expect(result.modifiedCount).toBe(1);
    // Another change that is taken up shows that the reconciler has been round.
    const other = await fire({ initialMs: 600_000 });
    await tablehook.deliveryOf(other.changeId, other.webhook.id, 'retrying');
    await makeDueForALook(other.changeId);
    await until(async () => {
      const doc = await tablehook.services.models.deliveries.findOne({ changeId: other.changeId }).lean();
      return (doc?.verifyAt.getTime() ?? 0) > Date.now() - VERIFY_AFTER_MS;
    });
    expect((await tablehook.getChange(changeId)).workflow?.id).toBe(changeId);
    await tablehook.call('DELETE', `/v1/webhooks/${other.webhook.id}`);
    await receiver.close();
  });

  it('is run again under <changeId>/1 when it had not planned its change yet', async () => {
    receiver = await startReceiver();
    const table = await tablehook.createTable();
    const webhook = await tablehook.createWebhook(table.id, { url: receiver.url });
    // Without a worker the change is written and not planned; its workflow is started as a relay would have.
    await tablehook.worker.stop();
    const record = await tablehook.createRecord(table.id);
    const changeId = record.changeId ?? '';
    const { tableId, id: recordId } = record;
    await tablehook.worker.workflows.start({
      id: changeId,
      workflowId: changeId,
      tableId,
      tableName: table.name,
      recordId,
      type: 'record.created',
    });
    await client.workflow.getHandle(changeId).terminate('by hand');
    expect(await tablehook.getChange(changeId)).toMatchObject({ state: 'pending', deliveries: [] });
    await tablehook.addWorker();
    const delivery = await tablehook.deliveryOf(changeId, webhook.id);
    expect(delivery.workflow.id).toBe(`${changeId}/1`);
    expect(receiver.received.map(({ headers }) => headers['webhook-id'])).toEqual([delivery.id]);
    expect((await tablehook.getChange(changeId)).workflow?.id).toBe(`${changeId}/1`);
    await receiver.close();
  });
});
