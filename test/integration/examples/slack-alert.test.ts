import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runStory } from '../../../examples/slack-alert/run.mjs';
import { SLACK_PATH, startSlack } from '../../../examples/slack-alert/slack.mjs';
import { findFreePort } from '../../../examples/support/serve.mjs';
import type { JsonObject } from '../../../src/contracts/json.ts';
import { startReceiver } from '../../support/receiver.ts';
import { runExample } from '../../support/run-example.ts';
import type { Tablehook } from '../../support/tablehook.ts';
import { startTablehook } from '../../support/tablehook.ts';
import { until } from '../../support/until.ts';

describe('examples/slack-alert', () => {
  let tablehook: Tablehook;
  const closing: { close: () => Promise<void> }[] = [];

  beforeAll(async () => {
    tablehook = await startTablehook();
  });
  afterAll(async () => {
    for (const { close } of closing) await close();
    await tablehook.stop();
  });

  const run = async <T extends { close: () => Promise<void> }>(starting: Promise<T>): Promise<T> => {
    const started = await starting;
    closing.push(started);
    return started;
  };
  /** A table whose critical deletions are told at `url`, as in the story. */
  const setUp = async (url: string) => {
    const fields = [
      { name: 'Name', type: 'text' },
      { name: 'Critical', type: 'boolean' },
    ];
    const table = await tablehook.call<{ id: string }>('POST', '/v1/tables', { name: 'Contracts', fields });
    const webhook = await tablehook.createWebhook(table.body.id, {
      url,
      events: ['record.deleted'],
      condition: { filter: { Critical: true } },
      payload: { format: 'slack' },
      retry: { initialMs: 200, factor: 1, jitter: 0 },
    });
    const remove = async (values: JsonObject) => {
      const record = await tablehook.createRecord(table.body.id, values);
      const path = `/v1/tables/${table.body.id}/records/${record.id}?operatorId=bob`;
      const { headers } = await tablehook.call('DELETE', path);
      return headers.get('tablehook-change-id');
    };
    return { webhook, remove };
  };

  it('runs as told: Slack is down, then has exactly one message', async () => {
    const env = { TABLEHOOK_URL: tablehook.url, TABLEHOOK_API_KEY: tablehook.apiKey };
    const { code, output } = await runExample('slack-alert', env);
    expect(output).toMatch(/retrying, \d+ attempts?, last answer none/);
    expect(output).toContain('Slack     Contracts · Smith &amp; Sons, 2026 was deleted by bob');
    expect(output).toMatch(/delivered, \d+ attempts, last answer 200/);
    expect(code).toBe(0);
  });

  it('tells the story of a Slack that never takes the message as one that went wrong', async () => {
    const slack = await run(startReceiver());
    slack.answerAlways({ status: 500, body: 'rollup_error' });
    const target = { url: tablehook.url, apiKey: tablehook.apiKey, slackUrl: slack.url, timeoutMs: 1_500 };
    await expect(runStory(target)).rejects.toThrow(/is not delivered/);
  });

  it('is tried again while Slack is down, until Slack has the message once', async () => {
    const port = await findFreePort();
    const { webhook, remove } = await setUp(`http://127.0.0.1:${port}${SLACK_PATH}`);
    const changeId = await remove({ Name: 'Lease', Critical: true });
    const down = await tablehook.deliveryOf(changeId, webhook.id, 'retrying');
    expect(down.attempts[0]).toMatchObject({ outcome: 'network-error', status: null });
    const slack = await run(startSlack({ port }));
    const delivery = await tablehook.deliveryOf(changeId, webhook.id);
    expect(delivery.attempts.at(-1)).toMatchObject({ status: 200, responseBody: 'ok' });
    expect(slack.messages).toEqual(['Contracts · Lease was deleted by bob']);
  });

  it('waits as long as a busy Slack asks for', async () => {
    const slack = await run(startReceiver());
    slack.answerAlways({ status: 429, headers: { 'retry-after': '3600' }, body: 'rate_limited' });
    const { webhook, remove } = await setUp(slack.url);
    const delivery = await tablehook.deliveryOf(
      await remove({ Name: 'Lease', Critical: true }),
      webhook.id,
      'retrying',
    );
    const waitMs =
      Date.parse(delivery.nextAttemptAt ?? '') - Date.parse(delivery.attempts[0]?.startedAt ?? '');
    expect(waitMs).toBeGreaterThanOrEqual(3_600_000);
  });

  it('owes nothing for a record that was not critical', async () => {
    const slack = await run(startSlack());
    const { remove } = await setUp(slack.url);
    const changeId = (await remove({ Name: 'Draft' })) ?? '';
    const change = await until(async () => {
      const found = await tablehook.getChange(changeId);
      return found.state === 'planned' && found;
    });
    expect(change.deliveries).toEqual([]);
    expect(slack.messages).toEqual([]);
  });

  it('has a stand-in that takes only what Slack takes', async () => {
    const slack = await run(startSlack());
    const send = async (body: string, type = 'application/json', method = 'POST') => {
      const sent = { method, headers: { 'content-type': type }, ...(method !== 'GET' && { body }) };
      const answer = await fetch(slack.url, sent);
      return `${answer.status} ${await answer.text()}`;
    };
    expect(await send('{"text":"hello"}')).toBe('200 ok');
    expect(await send('{"text":"hello"}', 'application/json; charset=utf-8')).toBe('200 ok');
    expect(await send('{"text":"hello","blocks":[{"type":"section"}]}')).toBe('200 ok');
    expect(await send('{"text":"hello","blocks":{}}')).toBe('400 invalid_blocks');
    expect(await send('{"text":"hello","blocks":["section"]}')).toBe('400 invalid_blocks');
    expect(await send('{"text":""}')).toBe('400 no_text');
    expect(await send('{"message":"hello"}')).toBe('400 no_text');
    expect(await send('{"text":"hello"}', 'text/plain')).toBe('400 invalid_payload');
    expect(await send('{"text":')).toBe('400 invalid_payload');
    expect(await send('null')).toBe('400 invalid_payload');
    expect(await send('', 'application/json', 'GET')).toBe('405 method_not_allowed');
    expect(slack.messages).toEqual(['hello', 'hello', 'hello']);
  });
});
