import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startRelay, toMessage } from '../../../examples/slack-alert/relay.mjs';
import { runStory } from '../../../examples/slack-alert/run.mjs';
import { SLACK_PATH, startSlack } from '../../../examples/slack-alert/slack.mjs';
import { findFreePort } from '../../../examples/support/serve.mjs';
import type { JsonObject } from '../../../src/contracts/json.ts';
import { loseFirstAnswer } from '../../support/lose-first-answer.ts';
import { startReceiver } from '../../support/receiver.ts';
import { runExample } from '../../support/run-example.ts';
import { sendEvent } from '../../support/send-event.ts';
import type { Tablehook } from '../../support/tablehook.ts';
import { startTablehook } from '../../support/tablehook.ts';

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
  /** A table whose deletions go to a relay, and from there to `slackUrl`. */
  const setUp = async (slackUrl: string, { lossy = false } = {}) => {
    const port = await findFreePort();
    const relayUrl = `http://127.0.0.1:${port}/deleted`;
    const url = lossy ? (await run(loseFirstAnswer(relayUrl))).url : relayUrl;
    const fields = [
      { name: 'Name', type: 'text' },
      { name: 'Critical', type: 'boolean' },
    ];
    const table = await tablehook.call<{ id: string }>('POST', '/v1/tables', { name: 'Contracts', fields });
    const webhook = await tablehook.createWebhook(table.body.id, {
      url,
      events: ['record.deleted'],
      retry: { initialMs: 200, factor: 1, jitter: 0 },
    });
    const relay = await run(startRelay({ port, secret: webhook.secret, slackUrl }));
    const remove = async (values: JsonObject) => {
      const record = await tablehook.createRecord(table.body.id, values);
      const path = `/v1/tables/${table.body.id}/records/${record.id}?operatorId=bob`;
      const { headers } = await tablehook.call('DELETE', path);
      return headers.get('tablehook-change-id');
    };
    return { webhook, relay, remove };
  };

  it('runs as told: Slack is down, then has exactly one message', async () => {
    const env = { TABLEHOOK_URL: tablehook.url, TABLEHOOK_API_KEY: tablehook.apiKey };
    const { code, output } = await runExample('slack-alert', env);
    expect(output).toMatch(/retrying, \d+ attempts?, last answer 502/);
    expect(output).toContain(
      'Slack     :rotating_light: bob deleted the critical record *Smith &amp; Sons &lt;2026&gt;*',
    );
    expect(output).toMatch(/delivered, \d+ attempts, last answer 200/);
    expect(code).toBe(0);
  });

  it('tells the story of a Slack that never takes the message as one that went wrong', async () => {
    const slack = await run(startReceiver());
    slack.answerAlways({ status: 500, body: 'rollup_error' });
    const target = { url: tablehook.url, apiKey: tablehook.apiKey, slackUrl: slack.url, timeoutMs: 1_500 };
    await expect(runStory(target)).rejects.toThrow(/is not delivered/);
  });

  it('answers 502 while Slack is down, and is tried again until Slack has the message once', async () => {
    const port = await findFreePort();
    const { webhook, remove } = await setUp(`http://127.0.0.1:${port}${SLACK_PATH}`);
    const changeId = await remove({ Name: 'Lease', Critical: true });
    const down = await tablehook.deliveryOf(changeId, webhook.id, 'retrying');
    expect(down.attempts[0]).toMatchObject({ status: 502, responseBody: 'Slack: no answer (ECONNREFUSED)' });
    const slack = await run(startSlack({ port }));
    const delivery = await tablehook.deliveryOf(changeId, webhook.id);
    expect(delivery.attempts.at(-1)).toMatchObject({ status: 200, responseBody: '200 ok' });
    expect(slack.messages).toEqual([
      expect.stringContaining('bob deleted the critical record *Lease* (rec_'),
    ]);
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

  it('posts once when the same delivery comes twice', async () => {
    const slack = await run(startSlack());
    const { webhook, remove } = await setUp(slack.url, { lossy: true });
    const delivery = await tablehook.deliveryOf(await remove({ Name: 'Lease', Critical: true }), webhook.id);
    expect(delivery.attempts.map(({ status }) => status)).toEqual([503, 200]);
    expect(slack.messages).toHaveLength(1);
  });

  it('says nothing of a record that was not critical', async () => {
    const slack = await run(startSlack());
    const { webhook, remove } = await setUp(slack.url);
    const delivery = await tablehook.deliveryOf(await remove({ Name: 'Draft' }), webhook.id);
    expect(delivery.lastStatus).toBe(204);
    expect(slack.messages).toEqual([]);
  });

  it('refuses an event that is not signed, or signed by another', async () => {
    const slack = await run(startSlack());
    const { relay } = await setUp(slack.url);
    const event = { type: 'record.deleted', items: [{ recordId: 'rec_1', previous: { Critical: true } }] };
    const unsigned = await sendEvent(relay.url, event, { secret: null });
    const forged = await sendEvent(relay.url, event, { secret: `whsec_${'A'.repeat(43)}=` });
    expect([unsigned.status, forged.status]).toEqual([401, 401]);
    expect(slack.messages).toEqual([]);
  });

  it('escapes what would control Slack, wherever it comes from', () => {
    const { text } = toMessage({
      operatorId: '<@U1>',
      table: { name: 'R&D' },
      items: [{ recordId: 'a<b', previous: { Name: '<!channel> &amp;' } }],
    });
    expect(text).not.toMatch(/[<>]/);
    expect(text).toContain(
      '&lt;@U1&gt; deleted the critical record *&lt;!channel&gt; &amp;amp;* (a&lt;b) from R&amp;D',
    );
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
    expect(await send('{"text":""}')).toBe('400 no_text');
    expect(await send('{"message":"hello"}')).toBe('400 no_text');
    expect(await send('{"text":"hello"}', 'text/plain')).toBe('400 invalid_payload');
    expect(await send('{"text":')).toBe('400 invalid_payload');
    expect(await send('null')).toBe('400 invalid_payload');
    expect(await send('', 'application/json', 'GET')).toBe('405 method_not_allowed');
    expect(slack.messages).toEqual(['hello', 'hello']);
  });
});
