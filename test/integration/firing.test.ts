import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Receiver } from '../support/receiver.ts';
import { startReceiver } from '../support/receiver.ts';
import type { Tablehook } from '../support/tablehook.ts';
import { startTablehook } from '../support/tablehook.ts';

describe('what fires', () => {
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

  const eventsOf = (webhookId: string) =>
    receiver.received.filter(({ event }) => event.webhook.id === webhookId).map(({ event }) => event);

  it('sends each of create, update and delete to the webhook that asked for it, and to no other', async () => {
    const table = await tablehook.createTable();
    const other = await tablehook.createTable('Other');
    const hooks = {
      created: await tablehook.createWebhook(table.id, { url: receiver.url, events: ['record.created'] }),
      updated: await tablehook.createWebhook(table.id, { url: receiver.url, events: ['record.updated'] }),
      deleted: await tablehook.createWebhook(table.id, { url: receiver.url, events: ['record.deleted'] }),
      all: await tablehook.createWebhook(table.id, { url: receiver.url, events: ['record.*'] }),
      elsewhere: await tablehook.createWebhook(other.id, { url: receiver.url, events: ['record.*'] }),
    };
    const record = await tablehook.createRecord(table.id, { Title: 'Ship', Status: 'pending' });
    const updated = await tablehook.updateRecord(table.id, record.id, { Status: 'completed', Title: null });
    const removed = await tablehook.call(
      'DELETE',
      `/v1/tables/${table.id}/records/${record.id}?operatorId=ana`,
    );
    const changeIds = [record.changeId, updated.changeId, removed.headers.get('tablehook-change-id')];
    for (const changeId of changeIds) await tablehook.deliveryOf(changeId, hooks.all.id);
    await tablehook.deliveryOf(changeIds[0] ?? null, hooks.created.id);
    await tablehook.deliveryOf(changeIds[1] ?? null, hooks.updated.id);
    await tablehook.deliveryOf(changeIds[2] ?? null, hooks.deleted.id);

    expect(eventsOf(hooks.created.id).map(({ id }) => id)).toEqual([changeIds[0]]);
    expect(eventsOf(hooks.updated.id).map(({ id }) => id)).toEqual([changeIds[1]]);
    expect(eventsOf(hooks.deleted.id).map(({ id }) => id)).toEqual([changeIds[2]]);
    expect(new Set(eventsOf(hooks.all.id).map(({ id }) => id))).toEqual(new Set(changeIds));
    expect(eventsOf(hooks.elsewhere.id)).toEqual([]);

    expect(eventsOf(hooks.created.id)[0]?.items[0]).toMatchObject({
      recordVersion: 1,
      previous: null,
      record: { Title: 'Ship', Status: 'pending' },
      changes: [
        { fieldName: 'Title', from: null, to: 'Ship' },
        { fieldName: 'Status', from: null, to: 'pending' },
      ],
    });
    expect(eventsOf(hooks.updated.id)[0]?.items[0]).toMatchObject({
      recordVersion: 2,
      previous: { Title: 'Ship', Status: 'pending' },
      record: { Status: 'completed' },
      changes: [
        { fieldName: 'Title', from: 'Ship', to: null },
        { fieldName: 'Status', from: 'pending', to: 'completed' },
      ],
    });
    expect(eventsOf(hooks.deleted.id)[0]).toMatchObject({
      operatorId: 'ana',
      items: [{ recordVersion: 3, previous: { Status: 'completed' }, record: null }],
    });
  });

  it('sends a body of exactly the documented shape', async () => {
    const table = await tablehook.createTable('Customers');
    const webhook = await tablehook.createWebhook(table.id, { url: receiver.url, name: 'CRM' });
    const record = await tablehook.createRecord(table.id, { Title: 'Ship' });
    await tablehook.deliveryOf(record.changeId, webhook.id);
    const [event] = eventsOf(webhook.id);
    expect(event).toEqual({
      version: 1,
      id: record.changeId,
      type: 'record.created',
      timestamp: expect.stringMatching(/^\d{4}-\d{2}-\d{2}T.*Z$/),
      operatorId: 'test',
      source: { kind: 'api', requestId: expect.any(String), hops: 0 },
      table: { id: table.id, name: 'Customers', schemaVersion: 1 },
      webhook: { id: webhook.id, name: 'CRM' },
      items: [
        {
          recordId: record.id,
          recordVersion: 1,
          previous: null,
          record: { Title: 'Ship' },
          changes: [{ fieldId: table.fields[0]?.id, fieldName: 'Title', from: null, to: 'Ship' }],
        },
      ],
    });
  });

  it('makes no change of a write that changes nothing', async () => {
    const table = await tablehook.createTable();
    const webhook = await tablehook.createWebhook(table.id, {
      url: receiver.url,
      events: ['record.updated'],
    });
    const record = await tablehook.createRecord(table.id, { Title: 'Ship' });
    const same = await tablehook.updateRecord(table.id, record.id, { Title: 'Ship', Status: null });
    expect(same).toMatchObject({ version: 1, changeId: null, workflow: null });
    expect(await tablehook.listDeliveries(`webhookId=${webhook.id}`)).toEqual([]);
  });

  it('tells nobody of a silent write, though the change is kept', async () => {
    const table = await tablehook.createTable();
    const webhook = await tablehook.createWebhook(table.id, { url: receiver.url });
    const silent = await tablehook.call<{ changeId: string }>(
      'POST',
      `/v1/tables/${table.id}/records?fire=false`,
      { values: { Title: 'Import' } },
    );
    const loud = await tablehook.createRecord(table.id);
    await tablehook.deliveryOf(loud.changeId, webhook.id);
    const change = await tablehook.getChange(silent.body.changeId);
    expect(change).toMatchObject({ state: 'planned', workflow: null, deliveries: [] });
  });

  it('lets a webhook hear only what is written after its registration or enabling was answered', async () => {
    const table = await tablehook.createTable();
    const early = await tablehook.createWebhook(table.id, { url: receiver.url });
    const before = await tablehook.createRecord(table.id);
    const late = await tablehook.createWebhook(table.id, { url: receiver.url, enabled: false });
    const between = await tablehook.createRecord(table.id);
    await tablehook.call('PATCH', `/v1/webhooks/${late.id}`, { enabled: true });
    const after = await tablehook.createRecord(table.id);
    await tablehook.deliveryOf(after.changeId, late.id);
    for (const { changeId } of [before, between, after]) await tablehook.deliveryOf(changeId, early.id);
    expect(eventsOf(late.id).map(({ id }) => id)).toEqual([after.changeId]);
  });
});
