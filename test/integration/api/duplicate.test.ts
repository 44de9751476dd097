import { Webhook as StandardWebhook } from 'standardwebhooks';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Problem } from '../../../src/contracts/problem.ts';
import type { Table } from '../../../src/contracts/table.ts';
import type { CreatedWebhook, Webhook } from '../../../src/contracts/webhook.ts';
import { newId } from '../../../src/services/id.ts';
import type { Receiver } from '../../support/receiver.ts';
import { startReceiver } from '../../support/receiver.ts';
import type { Tablehook } from '../../support/tablehook.ts';
import { startTablehook } from '../../support/tablehook.ts';

describe('a duplicate of a webhook', () => {
  let tablehook: Tablehook;
  let receiver: Receiver;
  beforeAll(async () => {
    tablehook = await startTablehook();
    receiver = await startReceiver();
  });
  afterAll(async () => {
    await tablehook.stop();
    await receiver.close();
  });

  const duplicate = async <T = CreatedWebhook>(webhookId: string, body?: unknown) =>
    tablehook.call<T>('POST', `/v1/webhooks/${webhookId}/duplicate`, body);
  const edit = async (webhookId: string, body: unknown) =>
    (await tablehook.call<Webhook>('PATCH', `/v1/webhooks/${webhookId}`, body)).body;
  const storedOf = async (webhookId: string) => {
    const doc = await tablehook.services.models.webhooks.findOne({ _id: webhookId }).lean();
    if (!doc) throw new Error('the webhook was not stored');
    return doc;
  };
  const fieldId = ({ fields }: Table, name: string) => fields.find((field) => field.name === name)?.id ?? '';

  it('has everything that was registered, is disabled, and has an id and a secret of its own', async () => {
    const table = await tablehook.createTable();
    const original = await tablehook.createWebhook(table.id, {
      name: 'CRM',
      description: 'for sales',
      url: `${receiver.url}?key=S3CRET`,
      method: 'PUT',
      events: ['record.updated', 'record.deleted'],
      watchFields: ['Status'],
      condition: { filter: { Status: 'completed' }, when: 'enters' },
      ignoreSources: ['ingest'],
      payload: { keys: 'id', fields: ['Title'] },
      headers: [
        { name: 'X-Team', value: 'sales' },
        { name: 'Authorization', value: 'Bearer S3CRET', secret: true },
      ],
      retry: { initialMs: 50, permanentStatuses: [404] },
      delivery: { order: 'record', ratePerSecond: 7, maxInFlight: 3 },
      autoPause: null,
    });
    const { status, body, headers } = await duplicate(original.id);
    expect(status).toBe(201);
    expect(headers.get('location')).toBe(`/v1/webhooks/${body.id}`);
    expect(body.id).not.toBe(original.id);
    expect(body.secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(body.secret).not.toBe(original.secret);
    expect(body).toEqual({
      ...original,
      id: body.id,
      name: 'CRM (copy)',
      enabled: false,
      secret: body.secret,
      createdAt: body.createdAt,
      updatedAt: body.createdAt,
    });
    const { secret: _, ...webhook } = body;
    expect((await tablehook.call('GET', `/v1/webhooks/${body.id}`)).body).toEqual(webhook);
  });

  it('hears nothing until it is enabled, then calls the same endpoint with the same headers, signed with its own secret', async () => {
    const table = await tablehook.createTable();
    const headers = [{ name: 'Authorization', value: 'Bearer S3CRET', secret: true }];
    const original = await tablehook.createWebhook(table.id, { url: receiver.url, headers });
    const { body: copy } = await duplicate(original.id);
    const before = await tablehook.createRecord(table.id);
    await tablehook.deliveryOf(before.changeId, original.id);
    expect((await tablehook.getChange(before.changeId ?? '')).deliveries).toHaveLength(1);
    await edit(copy.id, { enabled: true });
    const { changeId } = await tablehook.createRecord(table.id);
    await tablehook.deliveryOf(changeId, copy.id);
    const call = receiver.received.findLast(({ event }) => event.webhook.id === copy.id);
    expect(call?.headers).toMatchObject({ authorization: 'Bearer S3CRET' });
    const plain = Object.fromEntries(
      Object.entries(call?.headers ?? {}).map(([name, value]) => [name, String(value)]),
    );
    const verify = (secret: string) => new StandardWebhook(secret).verify(call?.body ?? '', plain);
    expect(verify(copy.secret)).toMatchObject({ webhook: { id: copy.id, name: 'CRM (copy)' } });
    expect(() => verify(original.secret)).toThrow();
  });

  it('has nothing of how the endpoint of the original fares, of its pause or of its older secrets', async () => {
    const table = await tablehook.createTable();
    const original = await tablehook.createWebhook(table.id, { url: receiver.url, enabled: false });
    await tablehook.call('POST', `/v1/webhooks/${original.id}/rotate-secret`, {});
    await tablehook.call('POST', `/v1/webhooks/${original.id}/pause`, { reason: 'moving' });
    const { models } = tablehook.services;
    const edits = {
      'health.circuit': 'open',
      'health.failures': 9,
      status: 'gone',
      statusReason: 'it is gone',
      seats: [{ token: 'x', until: new Date() }],
      seatsWanted: true,
      nextSlotAt: new Date(),
    };
    await models.webhooks.updateOne({ _id: original.id }, { $set: edits });
    const { body: copy } = await duplicate(original.id);
    expect(copy).toMatchObject({ status: 'active', statusReason: null });
    const fresh = await tablehook.createWebhook(table.id, { url: receiver.url, enabled: false });
    const own = new Set(['_id', 'name', 'url', 'secret', 'createdAt', 'updatedAt']);
    const withoutOwn = async (webhookId: string) =>
      Object.fromEntries(Object.entries(await storedOf(webhookId)).filter(([key]) => !own.has(key)));
    expect(await withoutOwn(copy.id)).toEqual(await withoutOwn(fresh.id));
  });

  it('stands for itself: edits of one do not show in the other', async () => {
    const table = await tablehook.createTable();
    const original = await tablehook.createWebhook(table.id, { url: receiver.url });
    const { body: copy } = await duplicate(original.id);
    await edit(copy.id, { url: `${receiver.url}/other`, retry: { initialMs: 7 } });
    const { body } = await tablehook.call<Webhook>('GET', `/v1/webhooks/${original.id}`);
    expect([body.url, body.retry]).toEqual([original.url, original.retry]);
    expect((await tablehook.call('DELETE', `/v1/webhooks/${original.id}`)).status).toBe(204);
    expect((await tablehook.call('GET', `/v1/webhooks/${copy.id}`)).status).toBe(200);
  });

  it('takes the name it is given, and else one of at most 100 characters', async () => {
    const table = await tablehook.createTable();
    const { id } = await tablehook.createWebhook(table.id, { url: receiver.url, name: 'n'.repeat(99) });
    const { name } = (await duplicate(id)).body;
    expect(name).toBe(`${'n'.repeat(92)}… (copy)`);
    expect(name).toHaveLength(100);
    expect((await duplicate(id, { name: ' Second CRM ' })).body.name).toBe('Second CRM');
    for (const bad of ['', 'n'.repeat(101), 7]) {
      const refused = await duplicate<Problem>(id, { name: bad });
      expect([refused.status, refused.body.errors[0]?.path]).toEqual([400, 'name']);
    }
  });

  it('needs attention when the original does, and hears of its table once it is mended and enabled', async () => {
    const table = await tablehook.createTable();
    const original = await tablehook.createWebhook(table.id, { url: receiver.url, watchFields: ['Status'] });
    const fields = table.fields.filter(({ name }) => name !== 'Status');
    await tablehook.call('PATCH', `/v1/tables/${table.id}`, { fields });
    const { body: copy } = await duplicate(original.id);
    expect(copy).toMatchObject({ status: 'needs-attention', watchFields: [fieldId(table, 'Status')] });
    expect(copy.statusReason).toContain('Status');
    await edit(copy.id, { enabled: true });
    const unheard = await tablehook.createRecord(table.id);
    expect(unheard.workflow).toBeNull();
    expect(await edit(copy.id, { watchFields: ['Title'] })).toMatchObject({ status: 'active' });
    const { changeId } = await tablehook.createRecord(table.id);
    await tablehook.deliveryOf(changeId, copy.id);
  });

  it('is one of the 500 webhooks of its table, and not made beyond them: 422', async () => {
    const table = await tablehook.createTable();
    const { models } = tablehook.services;
    const { id } = await tablehook.createWebhook(table.id, { url: receiver.url, enabled: false });
    const stored = await storedOf(id);
    const others = Array.from({ length: 498 }, () => ({ ...stored, _id: newId('whk') }));
    await models.webhooks.insertMany(others, { lean: true });
    expect((await duplicate(id)).status).toBe(201);
    const refused = await duplicate<Problem>(id);
    expect([refused.status, refused.body.code]).toEqual([422, 'unprocessable']);
    expect(await models.webhooks.countDocuments({ tableId: table.id })).toBe(500);
  });

  it('is not made of what is not there: 404', async () => {
    expect((await duplicate(newId('whk'))).status).toBe(404);
  });
});
