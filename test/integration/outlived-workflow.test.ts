import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tellOutlived } from '../../src/services/changes/outlived.ts';
import type { Receiver } from '../support/receiver.ts';
import { startReceiver } from '../support/receiver.ts';
import type { Tablehook } from '../support/tablehook.ts';
import { startTablehook } from '../support/tablehook.ts';
import { until } from '../support/until.ts';

describe('a workflow that sleeps on although its deliveries are settled', () => {
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

  /** A change whose delivery waits, paused, with a workflow of its own that sleeps. */
  const hold = async () => {
    const { id: tableId } = await tablehook.createTable();
    const webhook = await tablehook.createWebhook(tableId, { url: receiver.url });
    await tablehook.call('POST', `/v1/webhooks/${webhook.id}/pause`);
    const { changeId } = await tablehook.createRecord(tableId);
    const { id } = await tablehook.deliveryOf(changeId, webhook.id, 'waiting');
    return { changeId: changeId ?? '', deliveryId: id };
  };
  const walk = async (minAgeMs: number) => {
    const { services, worker } = tablehook;
    let told = 0;
    for await (const count of tellOutlived({ ...services, workflows: worker.workflows }, { minAgeMs })) {
      told += count;
    }
    return told;
  };

  it('is told by the walk over running workflows, and ends; one that has something open sleeps on', async () => {
    const settled = await hold();
    const open = await hold();
    const { workflows } = tablehook.worker;
    // Whoever settled it died right behind the write.
    await tablehook.services.models.deliveries.updateOne(
      { _id: settled.deliveryId },
      {
        $set: {
          state: 'delivered',
          open: false,
          waitReason: null,
          verifyAt: null,
          settledAt: new Date(),
          attemptCount: 1,
          lastStatus: 200,
        },
      },
    );
    expect(await walk(5 * 60_000)).toBe(0);
    // What runs is listed with a delay.
    await until(async () => (await walk(0)) > 0, { what: 'the workflow in the list' });
    await until(async () => !(await workflows.isRunning(settled.changeId)), { what: 'its end' });
    expect(await workflows.isRunning(open.changeId)).toBe(true);
  });
});
