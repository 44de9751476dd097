import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Receiver } from '../../support/receiver.ts';
import { startReceiver } from '../../support/receiver.ts';
import type { Tablehook } from '../../support/tablehook.ts';
import { startTablehook } from '../../support/tablehook.ts';
import { until } from '../../support/until.ts';

describe('what follows from a delivery that its line settled', () => {
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

  it('is seen to by its own workflow, where the line could not', async () => {
    receiver.answerAlways({ status: 404 });
    const { id: tableId } = await tablehook.createTable();
    const webhook = await tablehook.createWebhook(tableId, { url: receiver.url });
    await tablehook.call('POST', `/v1/webhooks/${webhook.id}/pause`);
    const { changeId } = await tablehook.createRecord(tableId);
    await tablehook.deliveryOf(changeId, webhook.id, 'waiting');
    const { workflows, events } = tablehook.worker;
    expect(await workflows.isRunning(changeId ?? '')).toBe(true);

    const told: string[] = [];
    const { tell } = events;
    let fails = true;
    vi.spyOn(events, 'tell').mockImplementation(async (some) => {
      const failed = some.filter(({ type }) => type === 'delivery.failed');
      if (failed.length > 0 && fails) {
        fails = false;
        throw new Error('MongoDB is away');
      }
      await tell(some);
      told.push(...failed.map(({ deliveryId }) => deliveryId ?? ''));
    });
    await tablehook.call('POST', `/v1/webhooks/${webhook.id}/resume`);
    const { id } = await tablehook.deliveryOf(changeId, webhook.id, 'failed');
    await until(async () => told.includes(id), { what: 'the event' });
    await until(async () => !(await workflows.isRunning(changeId ?? '')), {
      what: 'the end of the workflow',
    });
  });
});
