import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Stage } from './stage.ts';
import { openStage } from './stage.ts';

describe('a cancel request in the Temporal UI', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage();
  });
  afterAll(async () => {
    await stage.close();
  });

  const cancel = async (workflowId: string) => {
    const { temporal } = stage;
    await temporal.client.workflow.getHandle(workflowId).cancel();
    await temporal.whenEvent(workflowId, 'WORKFLOW_EXECUTION_CANCEL_REQUESTED');
    // Seen by the workflow, not only by the server.
    await temporal.currentDetails(workflowId);
  };

  it('does nothing to a delivery that is being retried: it arrives', async () => {
    const { tablehook, temporal } = stage;
    const receiver = await stage.endpoint();
    receiver.answerAlways({ status: 503 });
    const { changeId, webhook } = await stage.fire(receiver.url);
    await tablehook.deliveryOf(changeId, webhook.id, 'retrying');
    await cancel(changeId);
    expect((await temporal.describe(changeId)).status.name).toBe('RUNNING');
    receiver.answerAlways({ status: 200 });
    await tablehook.deliveryOf(changeId, webhook.id, 'delivered');
    expect((await temporal.ended(changeId)).status.name).toBe('COMPLETED');
  });

  it('does nothing to a delivery that is held: it arrives once its webhook is enabled', async () => {
    const { tablehook, temporal } = stage;
    const receiver = await stage.endpoint();
    receiver.answerAlways({ status: 503 });
    const { changeId, webhook } = await stage.fire(receiver.url);
    await tablehook.call('PATCH', `/v1/webhooks/${webhook.id}`, { enabled: false });
    await temporal.whenEvent(changeId, 'TIMER_STARTED');
    await cancel(changeId);
    expect(await temporal.currentDetails(changeId)).toContain('**waiting**');
    receiver.answerAlways({ status: 200 });
    await tablehook.call('PATCH', `/v1/webhooks/${webhook.id}`, { enabled: true });
    await tablehook.deliveryOf(changeId, webhook.id, 'delivered');
    expect((await temporal.ended(changeId)).status.name).toBe('COMPLETED');
  });
});
