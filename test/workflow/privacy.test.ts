import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { WrittenRecord } from '../../src/contracts/record.ts';
import type { WebhookTest } from '../../src/contracts/webhook-test.ts';
import { hang } from '../support/receiver.ts';
import { decodedText } from '../support/temporal.ts';
import { until } from '../support/until.ts';
import type { Stage } from './stage.ts';
import { changeIdOf, FAST_RETRY, openStage, SLOW_RETRY } from './stage.ts';

const SECRETS = [
  ...['path', 'query', 'header', 'plainHeader', 'value', 'operator'],
  ...['answer', 'answerHeader', 'location'],
] as const;

/** What must never be in Temporal: each a word of its own, so that any trace of it is found. */
function plantSecrets() {
  const words = SECRETS.map((name) => [name, `planted-${name}-${randomUUID()}`] as const);
  // The names are those of the list.
  return Object.fromEntries(words) as Record<(typeof SECRETS)[number], string>;
}

describe('what Temporal holds of a change', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage();
  });
  afterAll(async () => {
    await stage.close();
  });

  /** A change full of secrets, for a webhook full of secrets, whose endpoint answers with secrets. */
  const arrange = async ({ statuses, retry }: { statuses: number[]; retry: object }) => {
    const { tablehook } = stage;
    const secrets = plantSecrets();
    const receiver = await stage.endpoint();
    const headers = { 'x-answer': secrets.answerHeader, location: `http://127.0.0.1:1/${secrets.location}` };
    receiver.answerNext(...statuses.map((status) => ({ status, headers, body: secrets.answer })));
    const table = await tablehook.createTable();
    const webhook = await tablehook.createWebhook(table.id, {
      url: `${receiver.url}/${secrets.path}?token=${secrets.query}`,
      headers: [
        { name: 'x-secret', value: secrets.header, secret: true },
        { name: 'x-plain', value: secrets.plainHeader },
      ],
      retry,
    });
    const write = async () => {
      const input = { values: { Title: secrets.value }, operatorId: secrets.operator };
      const path = `/v1/tables/${table.id}/records`;
      return (await tablehook.call<WrittenRecord>('POST', path, input)).body;
    };
    return {
      receiver,
      webhook,
      write,
      fire: async () => changeIdOf(await write()),
      secrets: [...Object.values(secrets), webhook.secret.slice('whsec_'.length)],
    };
  };

  /** Everything Temporal tells of a workflow: history, list entry, description, details; payloads decoded. */
  const toldOf = async (workflowId: string, sign = '"webhookName":"CRM"') => {
    const { temporal } = stage;
    const listed = await until(async () => {
      for await (const { raw } of temporal.client.workflow.list({ query: `WorkflowId = '${workflowId}'` }))
        return raw;
      return null;
    });
    const { raw } = await temporal.describe(workflowId);
    const details = await temporal.currentDetails(workflowId);
    const told = decodedText([await temporal.history(workflowId), raw, listed, details]);
    // Payloads were decoded, or nothing would be found in them anyway.
    expect(told).toContain(sign);
    return told;
  };

  it.each([
    { what: 'arrived', statuses: [200], retry: FAST_RETRY, state: 'delivered' },
    { what: 'arrived at the second attempt', statuses: [503, 200], retry: FAST_RETRY, state: 'delivered' },
    { what: 'is being retried', statuses: [503], retry: SLOW_RETRY, state: 'retrying' },
    { what: 'failed at once', statuses: [404], retry: FAST_RETRY, state: 'failed' },
    { what: 'failed after a retry', statuses: [503, 422], retry: FAST_RETRY, state: 'failed' },
    { what: 'was redirected', statuses: [302], retry: FAST_RETRY, state: 'failed' },
  ] as const)('gives away nothing of one that $what', async ({ statuses, retry, state }) => {
    const { tablehook, temporal } = stage;
    const { receiver, webhook, fire, secrets } = await arrange({ statuses: [...statuses], retry });
    const changeId = await fire();
    const { attempts } = await tablehook.deliveryOf(changeId, webhook.id, state);
    // The secrets were there to be given away.
    expect(receiver.received[0]?.headers).toMatchObject({ 'x-secret': expect.stringContaining('planted-') });
    expect(attempts.at(-1)?.responseBody).toMatch(/^planted-answer/);
    if (state === 'retrying') await temporal.whenEvent(changeId, 'ACTIVITY_TASK_SCHEDULED');
    else await temporal.ended(changeId);
    const told = await toldOf(changeId);
    for (const secret of secrets) expect(told).not.toContain(secret);
  });

  it.each([
    { what: 'answered', statuses: [200], sign: '200 from' },
    { what: 'redirected', statuses: [302], sign: '302 from' },
    { what: 'not answered', statuses: [], sign: 'timeout from' },
  ])('gives away nothing of a test that is $what', async ({ statuses, sign }) => {
    const { tablehook, temporal } = stage;
    const retry = { ...SLOW_RETRY, timeoutMs: 3_000 };
    const { receiver, webhook, write, secrets } = await arrange({ statuses, retry });
    await tablehook.call('PATCH', `/v1/webhooks/${webhook.id}`, { enabled: false });
    const { id: recordId } = await write();
    if (statuses.length === 0) receiver.answerAlways(hang);
    const path = `/v1/webhooks/${webhook.id}/test`;
    const { body } = await tablehook.call<WebhookTest>('POST', path, { recordId });
    // The secrets were there to be given away.
    expect(receiver.received[0]?.headers).toMatchObject({ 'x-secret': expect.stringContaining('planted-') });
    expect(receiver.received[0]?.body).toContain('planted-value');
    const workflowId = `test/${body.request.headers['webhook-id']}`;
    await temporal.ended(workflowId);
    const told = await toldOf(workflowId, sign);
    for (const secret of secrets) expect(told).not.toContain(secret);
  });

  it('gives away nothing when nobody listens', async () => {
    const { tablehook } = stage;
    const { receiver, webhook, fire, secrets } = await arrange({ statuses: [], retry: SLOW_RETRY });
    await receiver.close();
    const changeId = await fire();
    await tablehook.deliveryOf(changeId, webhook.id, 'retrying');
    await stage.temporal.whenEvent(changeId, 'ACTIVITY_TASK_SCHEDULED');
    const told = await toldOf(changeId);
    expect(told).toContain('connection refused');
    for (const secret of secrets) expect(told).not.toContain(secret);
  });

  it('gives away nothing when the worker cannot read the webhook', async () => {
    const { tablehook, temporal } = stage;
    const { webhook, fire, secrets } = await arrange({ statuses: [], retry: SLOW_RETRY });
    const { webhooks } = tablehook.services.models;
    await webhooks.updateOne({ _id: webhook.id }, { $set: { url: 'no seal' } });
    const changeId = await fire();
    await temporal.whenEvent(changeId, 'ACTIVITY_TASK_SCHEDULED');
    const told = await toldOf(changeId);
    for (const secret of secrets) expect(told).not.toContain(secret);
  });
});
