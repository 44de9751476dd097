import type { WorkflowFailedError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { activitySummaries, eventTypes, searchAttributesOf } from '../support/temporal.ts';
import { until } from '../support/until.ts';
import type { Stage } from './stage.ts';
import { changeIdOf, FAST_RETRY, openStage, SLOW_RETRY } from './stage.ts';

describe('what the Temporal UI says of a change', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage();
  });
  afterAll(async () => {
    await stage.close();
  });

  const attributesOf = async (workflowId: string) =>
    searchAttributesOf(await stage.temporal.describe(workflowId));

  it('names table, record and event of one delivered at once, in six events', async () => {
    const { temporal } = stage;
    const receiver = await stage.endpoint();
    const { host } = new URL(receiver.url);
    const { changeId, tableId, recordId } = await stage.fire(receiver.url);
    const ended = await temporal.ended(changeId);
    expect(ended.status.name).toBe('COMPLETED');
    expect(await ended.staticSummary()).toBe(`record.created · Tasks · ${recordId}`);
    expect(await attributesOf(changeId)).toEqual({
      TablehookTableId: [tableId],
      TablehookRecordId: [recordId],
      TablehookEventType: ['record.created'],
      TablehookOutcome: 'first-attempt',
    });
    const history = await temporal.history(changeId);
    expect(eventTypes(history)).toEqual([
      'WORKFLOW_EXECUTION_STARTED',
      'WORKFLOW_TASK_SCHEDULED',
      'WORKFLOW_TASK_STARTED',
      'WORKFLOW_TASK_COMPLETED',
      'MARKER_RECORDED',
      'WORKFLOW_EXECUTION_COMPLETED',
    ]);
    expect(activitySummaries(history)).toEqual(['plan and first attempts']);
    const details = await temporal.currentDetails(changeId);
    expect(details).toContain('**record.created** in table **Tasks**');
    expect(details).toContain(`**CRM** (POST ${host}) **delivered**: 200 from ${host}`);
    expect(details).not.toContain('What now');
    expect(await temporal.client.workflow.getHandle(changeId).result()).toMatchObject({
      change: `record.created in Tasks, record ${recordId}, version 1`,
      outcomes: [{ webhook: 'CRM', state: 'delivered', summary: `200 from ${host} (attempt 1)` }],
    });
  });

  it('shows attempt, last answer and next time of one that is being retried', async () => {
    const { tablehook, temporal } = stage;
    const receiver = await stage.endpoint();
    const { host } = new URL(receiver.url);
    receiver.answerAlways({ status: 503 });
    const fired = await stage.fire(receiver.url, { method: 'PUT', retry: SLOW_RETRY });
    const { nextAttemptAt } = await tablehook.deliveryOf(fired.changeId, fired.webhook.id, 'retrying');
    const [pending] = await temporal.whenBackingOff(fired.changeId);
    expect((await temporal.describe(fired.changeId)).status.name).toBe('RUNNING');
    expect(pending?.attempt).toBe(2);
    expect(pending?.lastFailure?.message).toBe(
      `503 from ${host} (attempt 1); next attempt at ${nextAttemptAt}`,
    );
    const dueAt = Number(pending?.nextAttemptScheduleTime?.seconds) * 1_000;
    expect(Math.abs(dueAt - Date.parse(nextAttemptAt ?? ''))).toBeLessThan(10_000);
    expect(await attributesOf(fired.changeId)).toMatchObject({ TablehookOutcome: 'open' });
    const summary = `PUT ${host} · CRM`;
    expect(activitySummaries(await temporal.history(fired.changeId))).toEqual([
      'plan and first attempts',
      summary,
    ]);
    const details = await temporal.currentDetails(fired.changeId);
    const at = `${nextAttemptAt?.slice(0, 19).replace('T', ' ')} UTC`;
    expect(details).toContain(
      `**CRM** (PUT ${host}) **retrying**: 503 from ${host} \\(attempt 1\\), next attempt at ${at}`,
    );
    expect(details).toContain('under **Pending Activities**');
    expect(details).toContain('`POST /v1/deliveries/{deliveryId}/retry`');
  });

  it('shows no stack trace with an answer that was expected', async () => {
    const { temporal } = stage;
    const receiver = await stage.endpoint();
    receiver.answerNext({ status: 503 });
    receiver.answerAlways({ status: 404 });
    const { changeId } = await stage.fire(receiver.url);
    await temporal.ended(changeId);
    const history = JSON.stringify(await temporal.history(changeId));
    expect(history).toContain('404 from');
    expect(history).not.toContain('node_modules');
    expect(history).not.toContain('workflow-bundle');
  });

  it('grows by nothing while it is being retried', async () => {
    const { tablehook, temporal } = stage;
    const receiver = await stage.endpoint();
    receiver.answerAlways({ status: 503 });
    const { changeId } = await stage.fire(receiver.url);
    const lengthAfter = async (attempts: number) => {
      await until(async () => {
        const [delivery] = (await tablehook.getChange(changeId)).deliveries;
        return (delivery?.attemptCount ?? 0) >= attempts;
      });
      return (await temporal.describe(changeId)).historyLength;
    };
    const soon = await lengthAfter(2);
    expect(await lengthAfter(5)).toBe(soon);
  });

  it('is completed, with the outcome delivered, once a retry arrived', async () => {
    const { temporal } = stage;
    const receiver = await stage.endpoint();
    receiver.answerNext({ status: 503 });
    const { changeId } = await stage.fire(receiver.url);
    expect((await temporal.ended(changeId)).status.name).toBe('COMPLETED');
    expect(await attributesOf(changeId)).toMatchObject({ TablehookOutcome: 'delivered' });
    expect(await temporal.currentDetails(changeId)).toMatch(/\*\*delivered\*\*: 200 from .*attempt 2/);
  });

  it('is failed, and names webhook and answer, when one of two failed', async () => {
    const { tablehook, temporal } = stage;
    const [fine, missing] = [await stage.endpoint(), await stage.endpoint()];
    missing.answerNext({ status: 503 });
    missing.answerAlways({ status: 404 });
    const table = await tablehook.createTable();
    await tablehook.createWebhook(table.id, { name: 'CRM', url: fine.url });
    await tablehook.createWebhook(table.id, { name: 'Search', url: missing.url, retry: FAST_RETRY });
    const changeId = changeIdOf(await tablehook.createRecord(table.id));
    expect((await temporal.ended(changeId)).status.name).toBe('FAILED');
    const { host } = new URL(missing.url);
    const answer = `permanent-status: 404 from ${host} (attempt 2)`;
    const failed: WorkflowFailedError = await temporal.client.workflow
      .getHandle(changeId)
      .result()
      .then(
        () => expect.unreachable(),
        (error: WorkflowFailedError) => error,
      );
    expect(failed.cause).toBeInstanceOf(ApplicationFailure);
    expect(failed.cause?.message).toContain(`1 of 2 deliveries failed: Search (${answer})`);
    expect(failed.cause).toMatchObject({
      type: 'DeliveriesFailed',
      message: expect.stringMatching(/To send again: POST \/v1\/deliveries\/dlv_\w+\/redeliver$/),
      details: [
        {
          outcomes: [
            { webhook: 'CRM', state: 'delivered' },
            { webhook: 'Search', state: 'failed', summary: answer },
          ],
        },
      ],
    });
    expect(await attributesOf(changeId)).toMatchObject({ TablehookOutcome: 'failed' });
    const details = await temporal.currentDetails(changeId);
    expect(details).toContain('**CRM**');
    expect(details).toMatch(/\*\*Search\*\* .* \*\*failed\*\*: permanent-status: 404 from/);
    expect(details).toContain('`POST /v1/deliveries/{deliveryId}/redeliver`');
  });

  it('is failed, and has the outcome failed, when the first attempt failed for good', async () => {
    const { temporal } = stage;
    const receiver = await stage.endpoint();
    receiver.answerAlways({ status: 404 });
    const { changeId } = await stage.fire(receiver.url);
    expect((await temporal.ended(changeId)).status.name).toBe('FAILED');
    expect(await attributesOf(changeId)).toMatchObject({ TablehookOutcome: 'failed' });
  });

  it('is completed, with the outcome cancelled, when its webhook was deleted', async () => {
    const { tablehook, temporal } = stage;
    const receiver = await stage.endpoint();
    receiver.answerAlways({ status: 503 });
    const { changeId, webhook } = await stage.fire(receiver.url, { retry: SLOW_RETRY });
    await temporal.whenEvent(changeId, 'ACTIVITY_TASK_SCHEDULED');
    await tablehook.call('DELETE', `/v1/webhooks/${webhook.id}`);
    expect((await temporal.ended(changeId)).status.name).toBe('COMPLETED');
    expect(await attributesOf(changeId)).toMatchObject({ TablehookOutcome: 'cancelled' });
    expect(await temporal.currentDetails(changeId)).toContain('**cancelled**');
  });

  it('says waiting while its webhook is disabled, and retrying once it tries again', async () => {
    const { tablehook, temporal } = stage;
    const receiver = await stage.endpoint();
    receiver.answerAlways({ status: 503 });
    const { changeId, webhook } = await stage.fire(receiver.url);
    await tablehook.call('PATCH', `/v1/webhooks/${webhook.id}`, { enabled: false });
    await temporal.whenEvent(changeId, 'TIMER_STARTED');
    expect((await temporal.describe(changeId)).status.name).toBe('RUNNING');
    expect(await temporal.currentDetails(changeId)).toContain(
      '**waiting**: disabled, until somebody enables the webhook',
    );
    await tablehook.call('PATCH', `/v1/webhooks/${webhook.id}`, { enabled: true });
    await temporal.whenEvent(changeId, 'TIMER_CANCELED');
    expect(await temporal.currentDetails(changeId)).toContain('**retrying**');
  });

  it('shortens the longest names and ids there are, and the change is delivered', async () => {
    const { tablehook, temporal } = stage;
    const receiver = await stage.endpoint();
    const table = await tablehook.createTable('名'.repeat(100));
    receiver.answerNext({ status: 503 });
    const webhook = { name: '名'.repeat(100), url: receiver.url, retry: FAST_RETRY };
    await tablehook.createWebhook(table.id, webhook);
    const recordId = '号'.repeat(200);
    const change = { changeKey: 'one', type: 'record.created', recordId, record: { Title: 'Ship' } };
    const path = `/v1/tables/${table.id}/changes`;
    const reported = await tablehook.call<{ results: { changeId: string }[] }>('POST', path, {
      changes: [change],
    });
    const changeId = reported.body.results[0]?.changeId ?? '';
    const ended = await temporal.ended(changeId);
    expect(ended.status.name).toBe('COMPLETED');
    const history = await temporal.history(changeId);
    for (const summary of [await ended.staticSummary(), activitySummaries(history).at(-1)])
      expect(Buffer.byteLength(String(summary))).toBeLessThan(350);
    expect(await attributesOf(changeId)).toMatchObject({ TablehookRecordId: [recordId] });
  });
});
