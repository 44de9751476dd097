import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { searchAttributesOf, timerSummaries } from '../support/temporal.ts';
import { until } from '../support/until.ts';
import { PATHS } from './paths.ts';
import type { Stage } from './stage.ts';
import { changeIdOf, openStage, SLOW_RETRY } from './stage.ts';

/** As in production, only faster to open, and with time to look before the first probe. */
const CIRCUIT = { failures: 5, failingForMs: 300, probeAfterMs: 30_000, maxProbeAfterMs: 30_000 };

describe('what the Temporal UI says of what is held', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage({ circuit: CIRCUIT });
  });
  afterAll(async () => {
    await stage.close();
  });

  const attributesOf = async (workflowId: string) =>
    searchAttributesOf(await stage.temporal.describe(workflowId));

  it('says of a paused webhook that somebody must resume it, and how', async () => {
    const { tablehook, temporal } = stage;
    const table = await tablehook.createTable();
    const webhook = await tablehook.createWebhook(table.id, { url: (await stage.endpoint()).url });
    await tablehook.call('POST', `/v1/webhooks/${webhook.id}/pause`, { reason: 'being moved' });
    const changeId = changeIdOf(await tablehook.createRecord(table.id));
    await temporal.whenEvent(changeId, 'TIMER_STARTED');
    const details = await temporal.currentDetails(changeId);
    expect(details).toContain('**waiting**: paused, until somebody resumes the webhook');
    expect(details).toContain(`\`POST /v1/webhooks/${webhook.id}/resume\``);
    expect(timerSummaries(await temporal.history(changeId))).toEqual(['CRM waits: paused']);
    expect(await attributesOf(changeId)).toMatchObject({ TablehookOutcome: 'open' });
  });

  it('says of a later version that it waits for an earlier change', async () => {
    const { tablehook, temporal } = stage;
    const receiver = await stage.endpoint();
    receiver.answerAlways({ status: 503 });
    const delivery = { order: 'record' };
    const fired = await stage.fire(receiver.url, { retry: SLOW_RETRY, delivery });
    await tablehook.deliveryOf(fired.changeId, fired.webhook.id, 'retrying');
    const later = await tablehook.updateRecord(fired.tableId, fired.recordId, { Title: 'Shipped' });
    await temporal.whenEvent(changeIdOf(later), 'TIMER_STARTED');
    const details = await temporal.currentDetails(changeIdOf(later));
    expect(details).toContain(
      '**waiting**: earlier-change, until an earlier change of the record is settled',
    );
    expect(details).toContain(`\`GET /v1/deliveries?webhookId=${fired.webhook.id}\``);
  });

  it('says of a failing endpoint that it is probed, and its line when', async () => {
    const { tablehook, temporal } = stage;
    const receiver = await stage.endpoint();
    const { host } = new URL(receiver.url);
    receiver.answerAlways({ status: 503 });
    const retry = { initialMs: 100, factor: 1, jitter: 0 };
    const { changeId, webhook, tableId } = await stage.fire(receiver.url, { retry });
    await temporal.whenEvent(changeId, 'TIMER_STARTED');
    const details = await temporal.currentDetails(changeId);
    expect(details).toMatch(
      /\*\*waiting\*\*: circuit-open, .* until it answers a probe; last answer: 503 from .* \\\(attempt \d\\\)/,
    );
    expect(details).toContain(`the next probe: workflow \`wake/${webhook.id}\``);
    const line = `wake/${webhook.id}`;
    await temporal.whenEvent(line, 'TIMER_STARTED');
    const described = await temporal.describe(line);
    expect(await described.staticSummary()).toContain(`The line of ${webhook.id}`);
    const ofLine = await until(async () => {
      const text = await temporal.currentDetails(line);
      return text.includes('waiting: 1 delivery') ? text : null;
    });
    expect(ofLine).toContain(`The line of **CRM** (POST ${host}), webhook \`${webhook.id}\``);
    expect(ofLine).toContain(`last step: the endpoint ${host} fails; next probe at `);
    expect(ofLine).toContain('next: another step at ');
    expect(await attributesOf(line)).toEqual({ TablehookTableId: [tableId] });
    // The probe would come after the test's end.
    await tablehook.call('DELETE', `/v1/webhooks/${webhook.id}`);
    expect((await temporal.ended(line)).status.name).toBe('COMPLETED');
    const result: unknown = await temporal.client.workflow.getHandle(line).result();
    expect(result).toBe('the webhook was deleted, and what it was owed cancelled');
  });

  it('lists the changes of a shared workflow, those first that go on elsewhere', async () => {
    const path = PATHS.find(({ name }) => name === 'shared-and-handed-over');
    const shared = (await path?.walk(stage)) ?? '';
    await stage.temporal.ended(shared);
    const lines = (await stage.temporal.currentDetails(shared)).split('\n');
    expect(lines[0]).toBe(
      '**2 record changes** that waited together: 1 done with, 1 with a workflow of its own',
    );
    expect(lines[2]).toMatch(/503 from .*`chg_\w+` · \*\*goes on in a workflow of its own\*\*$/);
    expect(await attributesOf(shared)).toMatchObject({ TablehookOutcome: 'handed-on' });
  });

  it('says of a shared workflow that some of its changes wait', async () => {
    const { tablehook, temporal } = stage;
    const table = await tablehook.createTable();
    const webhook = await tablehook.createWebhook(table.id, { url: (await stage.endpoint()).url });
    await tablehook.call('POST', `/v1/webhooks/${webhook.id}/pause`, {});
    const operations = ['a', 'b', 'c'].map((Title) => ({ op: 'create', values: { Title } }));
    await tablehook.call('POST', `/v1/tables/${table.id}/records/batch`, { operations });
    const query = `TablehookTableId = "${table.id}" AND TablehookOutcome = "handed-on"`;
    const shared = await until(async () => {
      for await (const { workflowId } of temporal.client.workflow.list({ query })) return workflowId;
      return null;
    });
    const details = await temporal.currentDetails(shared);
    expect(details).toMatch(/^\*\*2 record changes\*\* .*: 0 done with, 2 waiting$/m);
    expect(details).toContain('CRM: waiting, paused');
  });
});
