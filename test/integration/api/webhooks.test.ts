import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Page } from '../../../src/contracts/page.ts';
import type { Problem } from '../../../src/contracts/problem.ts';
import type { CreatedWebhook, Webhook } from '../../../src/contracts/webhook.ts';
import { newId } from '../../../src/services/id.ts';
import type { Client } from '../../support/client.ts';
import type { Tablehook } from '../../support/tablehook.ts';
import { startTablehook } from '../../support/tablehook.ts';

const URL = 'http://127.0.0.1:9/T0KEN?key=S3CRET';
const RETRY = {
  initialMs: 5_000,
  factor: 3,
  maxMs: 36_000_000,
  jitter: 0.2,
  giveUpAfterMs: 259_200_000,
  timeoutMs: 15_000,
};

describe('webhooks', () => {
  let tablehook: Tablehook;
  let reader: Client;
  beforeAll(async () => {
    tablehook = await startTablehook();
    reader = tablehook.as((await tablehook.createKey({ name: 'reader', scopes: ['webhooks:read'] })).key);
  });
  afterAll(async () => tablehook.stop());

  const read = async (webhookId: string, client: Client = tablehook) =>
    (await client.call<Webhook>('GET', `/v1/webhooks/${webhookId}`)).body;
  const edit = <T = Webhook>(webhookId: string, body: unknown) =>
    tablehook.call<T>('PATCH', `/v1/webhooks/${webhookId}`, body);

  it('answers a registration with its defaults and its secret, which is shown here only', async () => {
    const table = await tablehook.createTable();
    const target = `/v1/tables/${table.id}/webhooks`;
    const input = { name: 'CRM', url: URL, events: ['record.updated', 'record.updated'] };
    const created = await tablehook.call<CreatedWebhook>('POST', target, input);
    expect(created.status).toBe(201);
    expect(created.body).toEqual({
      id: expect.stringMatching(/^whk_/),
      tableId: table.id,
      name: 'CRM',
      description: '',
      url: URL,
      method: 'POST',
      enabled: true,
      status: 'active',
      statusReason: null,
      events: ['record.updated'],
      watchFields: [],
      condition: null,
      ignoreSources: [],
      payload: { format: 'standard', keys: 'name', includePrevious: true, idsOnly: false },
      headers: [],
      retry: RETRY,
      delivery: { order: 'none' },
      autoPause: { afterFailingForMs: 86_400_000 },
      createdAt: expect.stringMatching(/Z$/),
      updatedAt: created.body.createdAt,
      secret: expect.stringMatching(/^whsec_[A-Za-z0-9+/]{43}=$/),
    });
    expect(created.headers.get('location')).toBe(`/v1/webhooks/${created.body.id}`);
    const { secret, ...webhook } = created.body;
    expect(await read(created.body.id)).toEqual(webhook);
    const listed = await tablehook.call<Page<Webhook>>('GET', target);
    expect(listed.body).toEqual({ data: [webhook], nextCursor: null });
    const edited = await edit(created.body.id, { name: 'CRM 2' });
    expect(JSON.stringify(edited.body)).not.toContain(secret);
  });

  it('gives every webhook a secret of its own', async () => {
    const table = await tablehook.createTable();
    const [one, two] = [1, 2].map(() => tablehook.createWebhook(table.id, { url: URL }));
    expect((await one)?.secret).not.toBe((await two)?.secret);
  });

  it('hides what may be a credential from keys that cannot write webhooks', async () => {
    const table = await tablehook.createTable();
    const headers = [
      { name: 'X-Team', value: 'sales' },
      { name: 'Authorization', value: 'Bearer S3CRET', secret: true },
    ];
    const { id } = await tablehook.createWebhook(table.id, { url: URL, headers });
    const shown = [
      { name: 'X-Team', value: 'sales', secret: false },
      { name: 'Authorization', value: null, secret: true },
    ];
    expect(await read(id)).toMatchObject({ url: URL, headers: shown });
    expect(await read(id, reader)).toMatchObject({ url: 'http://127.0.0.1:9/…', headers: shown });
    const listed = await reader.call('GET', `/v1/tables/${table.id}/webhooks`);
    expect(JSON.stringify(listed.body)).not.toMatch(/T0KEN|S3CRET/);
  });

  it('stores URL, secret and secret headers sealed', async () => {
    const table = await tablehook.createTable();
    const headers = [{ name: 'X-Key', value: 'S3CRET', secret: true }];
    const { id, secret } = await tablehook.createWebhook(table.id, { url: URL, headers });
    const stored = JSON.stringify(await tablehook.services.models.webhooks.findOne({ _id: id }).lean());
    for (const text of ['T0KEN', 'S3CRET', secret, secret.slice(6)]) expect(stored).not.toContain(text);
  });

  it('replaces what an edit names and keeps the rest', async () => {
    const table = await tablehook.createTable();
    const headers = [{ name: 'X-Key', value: 'S3CRET', secret: true }];
    const before = await tablehook.createWebhook(table.id, { url: URL, headers });
    const edits = {
      name: 'New',
      description: 'for sales',
      url: 'http://127.0.0.1:9/new',
      method: 'PUT',
      events: ['record.deleted'],
      headers: [{ name: 'X-Other', value: '1', secret: false }],
    };
    const { secret: _, ...webhook } = before;
    for (const [name, value] of Object.entries(edits)) {
      const edited = await edit(before.id, { [name]: value });
      expect(edited.status).toBe(200);
      Object.assign(webhook, { [name]: value, updatedAt: edited.body.updatedAt });
      if (name !== 'headers') {
        expect(edited.body.headers).toEqual([{ name: 'X-Key', value: null, secret: true }]);
      }
    }
    expect(await read(before.id)).toEqual(webhook);
  });

  it('merges an edit of the retry policy, and takes an optional field away with null', async () => {
    const table = await tablehook.createTable();
    const { id, retry } = await tablehook.createWebhook(table.id, { url: URL, retry: { initialMs: 50 } });
    expect(retry).toEqual({ ...RETRY, initialMs: 50 });
    const policyAfter = async (edits: unknown) => (await edit(id, { retry: edits })).body.retry;
    expect(await policyAfter({ factor: 2, scheduleMs: [10, 20], permanentStatuses: [404] })).toEqual({
      ...RETRY,
      initialMs: 50,
      factor: 2,
      scheduleMs: [10, 20],
      permanentStatuses: [404],
    });
    expect(await policyAfter({ scheduleMs: null, permanentStatuses: [] })).toEqual({
      ...RETRY,
      initialMs: 50,
      factor: 2,
      permanentStatuses: [],
    });
    expect(await policyAfter({ permanentStatuses: null })).toEqual({ ...RETRY, initialMs: 50, factor: 2 });
    const refused = await edit<Problem>(id, { retry: { timeoutMs: 0, factor: null } });
    expect([refused.status, refused.body.errors.map(({ path }) => path)]).toEqual([
      400,
      ['retry.factor', 'retry.timeoutMs'],
    ]);
    expect((await read(id)).retry).toEqual({ ...RETRY, initialMs: 50, factor: 2 });
  });

  it('refuses in an edit the URL, header or name that a registration would refuse', async () => {
    const table = await tablehook.createTable();
    const before = await tablehook.createWebhook(table.id, { url: URL });
    for (const [edits, path] of [
      [{ url: 'http://10.0.0.1/' }, 'url'],
      [{ headers: [{ name: 'webhook-id', value: 'x' }] }, 'headers.0'],
      [
        {
          headers: [
            { name: 'X-A', value: '1' },
            { name: 'x-a', value: '2' },
          ],
        },
        'headers.1',
      ],
      [{ name: ' ' }, 'name'],
      [{ secret: 'whsec_mine' }, 'secret'],
    ] as const) {
      const refused = await edit<Problem>(before.id, edits);
      expect([refused.status, refused.body.errors[0]?.path]).toEqual([400, path]);
    }
    expect((await read(before.id)).updatedAt).toBe(before.updatedAt);
  });

  it('is enabled and disabled by an edit', async () => {
    const table = await tablehook.createTable();
    const { id } = await tablehook.createWebhook(table.id, { url: URL, enabled: false });
    expect(await read(id)).toMatchObject({ enabled: false, status: 'active' });
    for (const enabled of [true, true, false, false]) {
      expect((await edit(id, { enabled })).body).toMatchObject({ enabled });
      const heard = (await tablehook.createRecord(table.id)).workflow !== null;
      expect(heard, 'a write has a workflow exactly while somebody listens').toBe(enabled);
    }
  });

  it('is gone once deleted', async () => {
    const table = await tablehook.createTable();
    const { id } = await tablehook.createWebhook(table.id, { url: URL });
    const target = `/v1/webhooks/${id}`;
    expect((await tablehook.call('DELETE', target)).status).toBe(204);
    for (const method of ['GET', 'DELETE']) expect((await tablehook.call(method, target)).status).toBe(404);
    expect((await edit(id, { name: 'x' })).status).toBe(404);
    expect((await tablehook.createRecord(table.id)).workflow).toBeNull();
  });

  it('may be one of 500 of its table and not of 501: 422', async () => {
    const table = await tablehook.createTable();
    const { models } = tablehook.services;
    const { id } = await tablehook.createWebhook(table.id, { url: URL, enabled: false });
    const stored = await models.webhooks.findOne({ _id: id }).lean();
    if (!stored) throw new Error('the webhook was not stored');
    const copies = Array.from({ length: 498 }, () => ({ ...stored, _id: newId('whk') }));
    await models.webhooks.insertMany(copies, { lean: true });
    const target = `/v1/tables/${table.id}/webhooks`;
    const input = { name: 'CRM', url: URL, events: ['record.*'] };
    expect((await tablehook.call('POST', target, input)).status).toBe(201);
    const refused = await tablehook.call<Problem>('POST', target, input);
    expect([refused.status, refused.body.code]).toEqual([422, 'unprocessable']);
    const { id: otherId } = await tablehook.createTable();
    expect((await tablehook.call('POST', `/v1/tables/${otherId}/webhooks`, input)).status).toBe(201);
  });
});
