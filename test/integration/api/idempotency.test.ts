import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { routes } from '../../../src/api/routes.ts';
import type { Problem } from '../../../src/contracts/problem.ts';
import type { WrittenRecord } from '../../../src/contracts/record.ts';
import type { Table } from '../../../src/contracts/table.ts';
import type { Tablehook } from '../../support/tablehook.ts';
import { startTablehook } from '../../support/tablehook.ts';

/** Stands for a webhook in the bodies below. */
const WEBHOOK = ':webhookId';

/** A body for every POST that creates something, and another one; a new route without them fails. */
const BODIES: Record<string, readonly [body: unknown, other: unknown]> = {
  createTable: [{ name: 'Idem' }, { name: 'Other' }],
  createRecord: [{ values: { Title: 'once' } }, { values: { Title: 'other' } }],
  batchRecords: [{ operations: [{ op: 'create' }] }, { operations: [{ op: 'create' }, { op: 'create' }] }],
  reportChanges: [report('a'), report('b')],
  createApiKey: [
    { name: 'once', scopes: ['tables:read'] },
    { name: 'once', scopes: ['tables:write'] },
  ],
  createReplay: [replay({ states: ['failed'] }), replay({})],
  rotateSecret: [{}, { overlapSeconds: 60 }],
  duplicateWebhook: [{}, { name: 'Other' }],
  createWebhook: [webhook('http://127.0.0.1:9/a'), webhook('http://127.0.0.1:9/b')],
};

/** POSTs that make nothing to be kept: a repeat of them is harmless by itself. */
const ACTIONS = new Set([
  'pauseWebhook',
  'resumeWebhook',
  'previewWebhook',
  'testWebhook',
  'retryDelivery',
  'cancelDelivery',
  'redeliverDelivery',
  'cancelReplay',
  'expungeDelivery',
  'expungeRecord',
  'expungeTable',
]);

describe('Idempotency-Key', () => {
  let tablehook: Tablehook;
  let table: Table;
  let webhookId: string;
  beforeAll(async () => {
    tablehook = await startTablehook();
    table = await tablehook.createTable();
    webhookId = (await tablehook.createWebhook(table.id, webhook('http://127.0.0.1:9/w'))).id;
  });
  afterAll(async () => tablehook.stop());

  const post = <T = unknown>(path: string, body: unknown, key: string) =>
    tablehook.call<T>('POST', path, body, { 'idempotency-key': key });
  const countAll = async () => {
    const { tables, records, changes, webhooks, replays, apiKeys } = tablehook.services.models;
    return {
      tables: await tables.countDocuments(),
      records: await records.countDocuments(),
      changes: await changes.countDocuments(),
      webhooks: await webhooks.countDocuments(),
      replays: await replays.countDocuments(),
      apiKeys: await apiKeys.countDocuments(),
    };
  };

  const creating = routes.filter(({ method, operationId }) => method === 'post' && !ACTIONS.has(operationId));

  it.each(creating.map((route) => [route.operationId, route] as const))(
    'lets %s answer a repeat as it answered first, secrets too, and refuses another body: 422',
    async (operationId, { path, status, idempotent }) => {
      expect(idempotent).toBe(true);
      const [body, other] = (BODIES[operationId] ?? []).map((text) => fill(text, webhookId));
      const target = path.replace(':tableId', table.id).replace(':webhookId', webhookId);
      const key = `key-${operationId}`;
      const first = await post(target, body, key);
      expect(first.status).toBe(status);
      const after = await countAll();
      const again = await post(target, body, key);
      expect([again.status, again.body]).toEqual([first.status, first.body]);
      for (const name of ['location', 'etag']) expect(again.headers.get(name)).toBe(first.headers.get(name));
      const refused = await post<Problem>(target, other, key);
      expect([refused.status, refused.body.code]).toEqual([422, 'idempotency_key_reused']);
      expect(await countAll()).toEqual(after);
    },
  );

  it('takes neither white space nor the order of keys for another request, but another path', async () => {
    const target = `/v1/tables/${table.id}/records`;
    const first = await post<WrittenRecord>(target, '{"values":{"Title":"a","Count":1}}', 'spaces');
    const again = await post<WrittenRecord>(target, '{ "values": { "Count": 1, "Title": "a" } }', 'spaces');
    expect(again.body).toEqual(first.body);
    const elsewhere = `/v1/tables/${(await tablehook.createTable()).id}/records`;
    expect((await post(elsewhere, '{"values":{"Title":"a","Count":1}}', 'spaces')).status).toBe(422);
    expect((await post(`${target}?fire=false`, '{"values":{"Title":"a","Count":1}}', 'spaces')).status).toBe(
      422,
    );
  });

  it('is one per API key', async () => {
    const target = `/v1/tables/${table.id}/records`;
    const { key } = await tablehook.createKey({ name: 'second', scopes: ['records:write'] });
    const mine = await post<WrittenRecord>(target, { values: {} }, 'shared');
    const theirs = await tablehook
      .as(key)
      .call<WrittenRecord>('POST', target, { values: { Title: 'x' } }, { 'idempotency-key': 'shared' });
    expect([mine.status, theirs.status]).toEqual([201, 201]);
    expect(theirs.body.id).not.toBe(mine.body.id);
  });

  it('does not store a failure: the repaired request goes through under the same key', async () => {
    const target = `/v1/tables/${table.id}/records`;
    expect((await post(target, { values: { Nope: 1 } }, 'repaired')).status).toBe(400);
    expect((await post(target, { values: { Title: 'x'.repeat(300_000) } }, 'repaired')).status).toBe(413);
    const done = await post<WrittenRecord>(target, { values: { Title: 'x' } }, 'repaired');
    expect(done.status).toBe(201);
  });

  it('is 409 while the first request under it is still in progress', async () => {
    const { models } = tablehook.services;
    const target = `/v1/tables/${table.id}/records`;
    const actor = await models.apiKeys.findOne({ name: 'test' }).lean();
    const session = await models.connection.startSession();
    session.startTransaction();
    try {
      // As another process would have it: written, not yet committed.
      const doc = { _id: `${actor?._id}:open`, requestHash: '', response: '', expiresAt: new Date() };
      await models.idempotencyKeys.insertMany([doc], { session, lean: true });
      const refused = await post<Problem>(target, { values: {} }, 'open');
      expect([refused.status, refused.body.code]).toEqual([409, 'idempotency_in_progress']);
      expect(refused.headers.get('retry-after')).toBe('1');
    } finally {
      await session.abortTransaction();
      await session.endSession();
    }
    expect((await post(target, { values: {} }, 'open')).status).toBe(201);
  });

  it('makes one record of many equal requests at once: each answers it, or that it is in progress', async () => {
    const { id } = await tablehook.createTable();
    const target = `/v1/tables/${id}/records`;
    const replies = await Promise.all(
      Array.from({ length: 8 }, () => post<WrittenRecord>(target, { values: {} }, 'burst')),
    );
    for (const { status } of replies) expect([201, 409]).toContain(status);
    const made = new Set(replies.filter(({ status }) => status === 201).map(({ body }) => body.id));
    expect(made.size).toBe(1);
    expect(await tablehook.services.models.records.countDocuments({ tableId: id })).toBe(1);
  });

  it('answers a repeat that meets what the first request under the key has done meanwhile as that one', async () => {
    const { id } = await tablehook.createTable();
    const record = await tablehook.createRecord(id);
    const remove = { operations: [{ op: 'delete', recordId: record.id }] };
    const replies = await Promise.all(
      Array.from({ length: 8 }, () => post(`/v1/tables/${id}/records/batch`, remove, 'removed')),
    );
    const done = replies.filter(({ status }) => status === 200).map(({ body }) => body);
    expect(done.length).toBeGreaterThan(0);
    for (const body of done) expect(body).toEqual(done[0]);
    for (const { status } of replies) expect([200, 409]).toContain(status);
  });

  it.each(['', 'two words', 'é', 'x'.repeat(256)])('refuses the malformed key %j', async (key) => {
    const refused = await post<Problem>('/v1/tables', { name: 'T' }, key);
    expect([refused.status, refused.body.errors[0]?.path]).toEqual([400, 'header.idempotency-key']);
  });
});

function report(recordId: string) {
  return { changes: [{ changeKey: 'k', type: 'record.created', recordId, record: {} }] };
}

function webhook(url: string) {
  return { name: 'once', url, events: ['record.*'], enabled: false };
}

function replay(filter: object) {
  return { webhookId: WEBHOOK, filter };
}

/** A body whose webhook is one that exists. */
function fill(body: unknown, webhookId: string): unknown {
  return JSON.parse(JSON.stringify(body).replaceAll(WEBHOOK, webhookId));
}
