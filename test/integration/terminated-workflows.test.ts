import type { ServerResponse } from 'node:http';
import { Client, Connection } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { followUpStarted } from '../../src/services/changes/relay.ts';
import { reconcileDeliveries, VERIFY_AFTER_MS } from '../../src/services/deliveries/reconcile.ts';
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
    const { webhook, changeId } = await fire({ initialMs: 5_000, factor: 1, jitter: 0 });
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
      promised: true,
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

describe('a workflow that ends while somebody makes sure that it runs', () => {
  let tablehook: Tablehook;

  beforeAll(async () => {
    tablehook = await startTablehook();
  });
  afterAll(async () => {
    await tablehook.stop();
  });

  it('is not run again when its deliveries were settled meanwhile', async () => {
    const receiver = await startReceiver();
    const held: ServerResponse[] = [];
    receiver.answerNext((_request, response) => void held.push(response));
    const table = await tablehook.createTable();
    const webhook = await tablehook.createWebhook(table.id, { url: receiver.url });
    const { changeId } = await tablehook.createRecord(table.id);
    await until(async () => held.length === 1);
    const { services, worker } = tablehook;
    const result = await reconcileDeliveries(
      {
        ...services,
        clock: () => new Date(Date.now() + 2 * VERIFY_AFTER_MS),
        workflows: {
          ...worker.workflows,
          isRunning: async (workflowId) => {
            held[0]?.end('late');
            return !(await until(async () => !(await worker.workflows.isRunning(workflowId))));
          },
        },
      },
      10,
    );
    expect(result).toEqual({ verified: 0, rerun: 0, woken: 0 });
    const delivery = await tablehook.deliveryOf(changeId, webhook.id);
    expect(delivery.workflow.id).toBe(changeId);
    expect((await tablehook.getChange(changeId ?? '')).workflow?.id).toBe(changeId);
    await receiver.close();
  });

  it('is not run again when it planned its change meanwhile', async () => {
    const receiver = await startReceiver();
    const table = await tablehook.createTable();
    await tablehook.createWebhook(table.id, { url: receiver.url });
    await tablehook.worker.stop();
    const { changeId } = await tablehook.createRecord(table.id);
    const { services, worker } = tablehook;
    await followUpStarted(
      {
        ...services,
        workflows: {
          ...worker.workflows,
          isRunning: async () => {
            await tablehook.addWorker();
            await until(async () => (await tablehook.getChange(changeId ?? '')).state === 'planned');
            return false;
          },
        },
      },
      changeId ?? '',
    );
    expect((await tablehook.getChange(changeId ?? '')).workflow?.id).toBe(changeId);
    await receiver.close();
  });
});
