import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CreatedWebhook } from '../../../src/contracts/webhook.ts';
import type { BatchResult } from '../../../src/contracts/record.ts';
import { handOverChanges } from '../../../src/services/changes/hand-over.ts';
import { isShared, toStartable } from '../../../src/services/changes/startable.ts';
import { lookAfter } from '../../../src/services/deliveries/look-after.ts';
import { reconcileDeliveries } from '../../../src/services/deliveries/reconcile.ts';
import type { Receiver } from '../../support/receiver.ts';
import { startReceiver } from '../../support/receiver.ts';
import type { Tablehook } from '../../support/tablehook.ts';
import { startTablehook } from '../../support/tablehook.ts';
import { until } from '../../support/until.ts';

describe('a change that gets a workflow of its own', () => {
  let tablehook: Tablehook;
  let receiver: Receiver;

  beforeAll(async () => {
    tablehook = await startTablehook({ reconcileEveryMs: 3_600_000 });
    receiver = await startReceiver();
  });
  afterAll(async () => {
    await tablehook.stop();
    await receiver.close();
  });

  /** A change that was planned in a shared workflow, and waits for two paused webhooks. */
  const hold = async () => {
    const { id: tableId } = await tablehook.createTable();
    const register = async () => tablehook.createWebhook(tableId, { url: receiver.url });
    const webhooks = [await register(), await register()];
    await setPaused(webhooks, 'pause');
    const operations = Array.from({ length: 4 }, () => ({ op: 'create', values: { Title: 'held' } }));
    const path = `/v1/tables/${tableId}/records/batch`;
    const { body } = await tablehook.call<BatchResult>('POST', path, { operations });
    const changeIds = body.results.map(({ changeId }) => changeId ?? '');
    const { models } = tablehook.services;
    const stored = async () => models.deliveries.find({ changeId: { $in: changeIds } }).lean();
    await until(async () => (await stored()).length === 8, { what: 'the plans' });
    const shared = (await stored()).find(({ workflowId }) => isShared(workflowId));
    if (!shared) throw new Error('no change was planned in a shared workflow');
    const { changeId, workflowId: from } = shared;
    await until(async () => !(await tablehook.worker.workflows.isRunning(from)));
    const deliveries = (await stored()).filter((delivery) => delivery.changeId === changeId);
    return { changeId, from, deliveries, webhooks };
  };
  const setPaused = async (webhooks: CreatedWebhook[], verb: 'pause' | 'resume') => {
    for (const { id } of webhooks) await tablehook.call('POST', `/v1/webhooks/${id}/${verb}`);
  };
  const context = () => ({ ...tablehook.services, workflows: tablehook.worker.workflows });
  /** While the change is being handed over, behind what says so and before the start. */
  const handOverWhile = async (changeId: string, from: string, meanwhile: () => Promise<unknown>) => {
    const { workflows, ...services } = context();
    const start: typeof workflows.start = async (change) => {
      await meanwhile();
      return workflows.start(change);
    };
    await handOverChanges(
      { ...services, workflows: { ...workflows, start } },
      { changeIds: [changeId], from },
    );
  };
  const expectOneThatEnds = async (changeId: string, webhooks: CreatedWebhook[]) => {
    const { workflows } = tablehook.worker;
    const { models } = tablehook.services;
    expect(await models.changes.findOne({ _id: changeId }).lean()).toMatchObject({ workflowId: changeId });
    expect(await workflows.isRunning(changeId)).toBe(true);
    expect(await workflows.isRunning(`${changeId}/1`)).toBe(false);
    await setPaused(webhooks, 'resume');
    await until(async () => !(await models.deliveries.exists({ changeId, open: true })));
    await until(async () => !(await workflows.isRunning(changeId)), { what: 'its end' });
  };

  it('gets one, when it is looked after before that was started', async () => {
    const { changeId, from, deliveries, webhooks } = await hold();
    await handOverWhile(changeId, from, async () => {
      await lookAfter(
        context(),
        deliveries.map((delivery) => ({ ...delivery, workflowId: changeId })),
      );
    });
    await expectOneThatEnds(changeId, webhooks);
  });

  it('has it told, when it runs though its deliveries do not say so yet', async () => {
    const { changeId, deliveries, webhooks } = await hold();
    const { workflows, ...services } = context();
    const change = await services.models.changes.findOne({ _id: changeId }).lean();
    if (!change) throw new Error('no change');
    await workflows.start(toStartable({ ...change, workflowId: changeId }));
    const told: unknown[] = [];
    const wakeDelivery: typeof workflows.wakeDelivery = async (workflowId, deliveryId) => {
      const reached = await workflows.wakeDelivery(workflowId, deliveryId);
      told.push({ workflowId, deliveryId, reached });
      return reached;
    };
    await lookAfter({ ...services, workflows: { ...workflows, wakeDelivery } }, deliveries);
    const expected = deliveries.map(({ _id }) => ({ workflowId: changeId, deliveryId: _id, reached: true }));
    expect(told).toEqual(expected);
    await expectOneThatEnds(changeId, webhooks);
  });

  it('has it told of the end, when it was started behind the shared one that planned the change', async () => {
    const { changeId, webhooks } = await hold();
    const { workflows, ...services } = context();
    const change = await services.models.changes.findOne({ _id: changeId }).lean();
    if (!change) throw new Error('no change');
    // As by a process that took the change up before the shared one had planned it.
    await workflows.start(toStartable({ ...change, workflowId: changeId }));
    // The change says so last, after its deliveries.
    const isLookedAfter = async () => services.models.changes.exists({ _id: changeId, workflowId: changeId });
    await until(isLookedAfter, { what: 'the change to be its own' });
    expect(await services.models.deliveries.countDocuments({ changeId, workflowId: changeId })).toBe(2);
    await expectOneThatEnds(changeId, webhooks);
  }, 30_000);

  it('gets one, when two lines have each had to do with it since before', async () => {
    const { changeId, deliveries, webhooks } = await hold();
    for (const delivery of deliveries) await lookAfter(context(), [delivery]);
    await expectOneThatEnds(changeId, webhooks);
  });

  it('gets one, when the reconciler looks at it before that was started', async () => {
    const { changeId, from, webhooks } = await hold();
    await handOverWhile(changeId, from, async () => {
      await tablehook.services.models.deliveries.updateMany({ changeId }, { verifyAt: new Date(0) });
      await reconcileDeliveries(context(), 10);
    });
    await expectOneThatEnds(changeId, webhooks);
  });

  it('gets one, when the reconciler looks at it before it is handed over', async () => {
    const { changeId, deliveries, webhooks } = await hold();
    await tablehook.services.models.deliveries.updateMany({ changeId }, { verifyAt: new Date(0) });
    await reconcileDeliveries(context(), 10);
    for (const delivery of deliveries) await lookAfter(context(), [delivery]);
    await expectOneThatEnds(changeId, webhooks);
  });

  it('has all of them end, when it got another since a delivery of it was sent again', async () => {
    const { id: tableId } = await tablehook.createTable();
    const register = async () => tablehook.createWebhook(tableId, { url: receiver.url });
    const [webhook, other] = [await register(), await register()];
    await setPaused([other], 'pause');
    const { changeId } = await tablehook.createRecord(tableId);
    const { id } = await tablehook.deliveryOf(changeId, webhook.id, 'delivered');
    await tablehook.deliveryOf(changeId, other.id, 'waiting');
    const { workflows } = tablehook.worker;
    const runs = [`${changeId}`, `${changeId}/1`, `${changeId}/2`];
    const running = async () => {
      const found = await Promise.all(runs.map(async (run) => workflows.isRunning(run)));
      return runs.filter((_, index) => found[index]);
    };
    for (const attemptCount of [2, 3]) {
      expect((await tablehook.call('POST', `/v1/deliveries/${id}/redeliver`, {})).status).toBe(202);
      await until(async () => {
        const delivery = await tablehook.getDelivery(id);
        return delivery.state === 'delivered' && delivery.attemptCount === attemptCount;
      });
    }
    expect(await running()).toEqual(runs);
    await setPaused([other], 'resume');
    await tablehook.deliveryOf(changeId, other.id, 'delivered');
    await until(async () => (await running()).length === 0, { what: 'the end of all' });
  });
});
