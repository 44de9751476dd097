import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { routes } from '../../../src/api/routes.ts';
import { Scope } from '../../../src/contracts/api-key.ts';
import type { Problem } from '../../../src/contracts/problem.ts';
import type { Replay } from '../../../src/contracts/replay.ts';
import type { CreatedWebhook, Webhook } from '../../../src/contracts/webhook.ts';
import type { Receiver } from '../../support/receiver.ts';
import { startReceiver } from '../../support/receiver.ts';
import type { Tablehook } from '../../support/tablehook.ts';
import { startTablehook } from '../../support/tablehook.ts';

describe('what is secret of a webhook', () => {
  let tablehook: Tablehook;
  let receiver: Receiver;
  let tableId: string;
  beforeAll(async () => {
    tablehook = await startTablehook();
    receiver = await startReceiver();
    tableId = (await tablehook.createTable()).id;
  });
  afterAll(async () => {
    await tablehook.stop();
    await receiver.close();
  });

  const HEADERS = [
    { name: 'X-Team', value: 'sales' },
    { name: 'Authorization', value: 'Bearer S3CRET', secret: true },
    { name: 'X-Key', value: 'K3Y', secret: true },
  ];
  const register = async (): Promise<CreatedWebhook> =>
    tablehook.createWebhook(tableId, { url: `${receiver.url}/T0KEN?key=QU3RY`, headers: HEADERS });
  const edit = <T = Webhook>({ id }: { id: string }, body: unknown) =>
    tablehook.call<T>('PATCH', `/v1/webhooks/${id}`, body);
  /** The headers of the next call to the endpoint. */
  const headersSent = async ({ id }: { id: string }) => {
    const { changeId } = await tablehook.createRecord(tableId);
    await tablehook.deliveryOf(changeId, id);
    return receiver.received.findLast(({ event }) => event.webhook.id === id)?.headers ?? {};
  };

  it('is in no answer to a key that may read everything and write no webhooks', async () => {
    const webhook = await register();
    const record = await tablehook.createRecord(tableId);
    const delivery = await tablehook.deliveryOf(record.changeId, webhook.id);
    const input = { webhookId: webhook.id, filter: {} };
    const { body: replay } = await tablehook.call<Replay>('POST', '/v1/replays', input);
    const ids: Record<string, string> = {
      tableId,
      recordId: record.id,
      webhookId: webhook.id,
      changeId: record.changeId ?? '',
      deliveryId: delivery.id,
      replayId: replay.id,
    };
    const scopes = Scope.options.filter((scope) => scope !== 'webhooks:write' && scope !== 'admin');
    const reader = tablehook.as((await tablehook.createKey({ name: 'reader', scopes })).key);
    const readable = routes.filter(
      ({ method, scopes: needed }) => method === 'get' && !needed.includes('admin'),
    );
    expect(readable.length).toBeGreaterThan(10);
    for (const { path } of readable) {
      const target = path.replaceAll(/:(\w+)/g, (_, name: string) => ids[name] ?? name);
      const { status, body } = await reader.call('GET', target);
      expect(status, path).toBe(200);
      const hidden = ['T0KEN', 'QU3RY', 'S3CRET', 'K3Y', webhook.secret.slice(6)];
      for (const text of hidden) expect(JSON.stringify(body), path).not.toContain(text);
    }
    const { body: shown } = await reader.call<Webhook>('GET', `/v1/webhooks/${webhook.id}`);
    expect(shown).toMatchObject({
      url: `${new URL(receiver.url).origin}/…`,
      headers: [
        { name: 'X-Team', value: 'sales', secret: false },
        { name: 'Authorization', value: null, secret: true },
        { name: 'X-Key', value: null, secret: true },
      ],
    });
  });

  it('has only values of secret headers hidden in answers to a key that may write webhooks', async () => {
    const webhook = await register();
    const answers = [
      webhook,
      (await edit(webhook, { description: 'x' })).body,
      (await tablehook.call<Webhook>('POST', `/v1/webhooks/${webhook.id}/pause`)).body,
      (await tablehook.call<{ webhook: Webhook }>('POST', `/v1/webhooks/${webhook.id}/resume`)).body.webhook,
      (await tablehook.call<Webhook>('POST', `/v1/webhooks/${webhook.id}/duplicate`)).body,
    ];
    for (const { url, headers } of answers) {
      expect(url).toBe(webhook.url);
      expect(headers.map(({ value }) => value)).toEqual(['sales', null, null]);
    }
  });

  it('stays what it was when somebody reads a webhook, edits a header and writes the list back', async () => {
    const webhook = await register();
    const { headers } = (await tablehook.call<Webhook>('GET', `/v1/webhooks/${webhook.id}`)).body;
    const edited = headers.map((header) =>
      header.name === 'X-Team' ? { ...header, value: 'support' } : header,
    );
    expect((await edit(webhook, { headers: edited })).body.headers).toEqual(edited);
    expect(await headersSent(webhook)).toMatchObject({
      'x-team': 'support',
      authorization: 'Bearer S3CRET',
      'x-key': 'K3Y',
    });
  });

  it('may be left out, replaced and removed, header by header', async () => {
    const webhook = await register();
    const headers = [
      { name: 'authorization', secret: true },
      { name: 'X-Team', value: 'now-secret', secret: true },
    ];
    expect((await edit(webhook, { headers })).status).toBe(200);
    const sent = await headersSent(webhook);
    expect(sent).toMatchObject({ authorization: 'Bearer S3CRET', 'x-team': 'now-secret' });
    expect(sent).not.toHaveProperty('x-key');
    const replaced = [{ name: 'Authorization', value: 'Bearer N3W', secret: true }];
    expect((await edit(webhook, { headers: replaced })).status).toBe(200);
    expect(await headersSent(webhook)).toMatchObject({ authorization: 'Bearer N3W' });
  });

  it.each([
    ['a secret header that is not there', { name: 'X-Other', secret: true }],
    ['a header that is no secret, as one', { name: 'X-Team', value: null, secret: true }],
    ['a header that is no secret', { name: 'X-Team' }],
    ['a secret header, to be shown', { name: 'Authorization', value: null, secret: false }],
  ])('is not made up: 400 for %s without a value, and nothing changes', async (_, header) => {
    const webhook = await register();
    const refused = await edit<Problem>(webhook, {
      name: 'New',
      headers: [{ name: 'X-A', value: '1' }, header],
    });
    expect([refused.status, refused.body.errors[0]?.path]).toEqual([400, 'headers.1.value']);
    const { body } = await tablehook.call<Webhook>('GET', `/v1/webhooks/${webhook.id}`);
    expect([body.name, body.headers.length, body.updatedAt]).toEqual(['CRM', 3, webhook.updatedAt]);
    expect(await headersSent(webhook)).toMatchObject({ authorization: 'Bearer S3CRET' });
  });

  it('does not go to another origin with an edited URL, unless it is given again: 400', async () => {
    const webhook = await register();
    const url = 'http://127.0.0.1:9/elsewhere';
    const { status, body } = await edit(webhook, { url });
    expect(status).toBe(400);
    expect(body).toMatchObject({ errors: [{ path: 'headers' }] });
    const kept = webhook.headers.map(({ name, secret }) => ({ name, value: null, secret }));
    expect((await edit(webhook, { url, headers: kept.filter(({ secret }) => secret) })).status).toBe(400);
    const given = [{ name: 'Authorization', value: 'Bearer anew', secret: true }];
    expect((await edit(webhook, { url, headers: given })).status).toBe(200);
  });

  it('is demanded of a registration: 400 for a header without a value', async () => {
    const input = { name: 'W', url: receiver.url, events: ['record.*'] };
    for (const header of [
      { name: 'X-A', secret: true },
      { name: 'X-A', value: null, secret: true },
    ]) {
      const target = `/v1/tables/${tableId}/webhooks`;
      const refused = await tablehook.call<Problem>('POST', target, { ...input, headers: [header] });
      expect([refused.status, refused.body.errors[0]?.path]).toEqual([400, 'headers.0.value']);
    }
  });

  it('is not lost to the short form of a URL that readers see: 400', async () => {
    const webhook = await register();
    const url = `${new URL(receiver.url).origin}/…`;
    const refused = await edit<Problem>(webhook, { url });
    expect([refused.status, refused.body.errors[0]?.path]).toEqual([400, 'url']);
    const { body } = await tablehook.call<Webhook>('GET', `/v1/webhooks/${webhook.id}`);
    expect(body.url).toBe(webhook.url);
  });
});
