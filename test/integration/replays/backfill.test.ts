import { describe, expect, it } from 'vitest';
import { newId } from '../../../src/services/id.ts';
import { until } from '../../support/until.ts';
import { stageReplays } from '../../support/stage-replays.ts';

const ground = stageReplays();
const { endpoint, count, replay, ended, deliveriesOf, allSettled, replayed, fire } = ground;

describe('backfilling', () => {
  /** A table with a history that one webhook heard of, and one that is registered after it. */
  const stage = async (webhook: Record<string, unknown> = {}) => {
    const { receiver: old, tableId, webhookId: oldId, results } = await fire(3);
    const [a, b, c] = results.map(({ record }) => record?.id ?? '');
    if (a === undefined || b === undefined || c === undefined) throw new Error('too few records');
    await ground.tablehook.updateRecord(tableId, a, { Title: 'Ship', Status: 'pending' });
    const { changeId: lastOfA } = await ground.tablehook.updateRecord(tableId, a, { Status: 'completed' });
    await ground.tablehook.call('DELETE', `/v1/tables/${tableId}/records/${b}`);
    await allSettled(oldId, 6);
    const receiver = await endpoint();
    const created = await ground.tablehook.createWebhook(tableId, {
      name: 'New',
      url: receiver.url,
      ...webhook,
    });
    return { old, receiver, tableId, webhookId: created.id, oldId, lastOfA, records: { a, b, c } };
  };

  it('tells of the records there are, as they are now, and each once', async () => {
    const { receiver, old, tableId, webhookId, lastOfA, records } = await stage();
    const backfill = { records: true };
    expect(await count({ webhookId, backfill })).toBe(2);
    const { id } = await replay({ webhookId, backfill });
    expect(await ended(id)).toMatchObject({
      state: 'completed',
      selected: 2,
      sent: 2,
      filter: null,
      backfill,
    });
    const deliveries = await allSettled(webhookId, 2);
    expect(deliveries).toMatchObject([
      { recordId: records.a, recordVersion: 3, eventType: 'record.created', changeId: lastOfA, replay: true },
      { recordId: records.c, recordVersion: 1, eventType: 'record.created', replay: true },
    ]);
    const first = receiver.received.find(({ event }) => event.items[0]?.recordId === records.a);
    expect(first?.headers).toMatchObject({ 'tablehook-replay': 'true', 'tablehook-event': 'record.created' });
    expect(first?.event).toMatchObject({
      id: lastOfA,
      type: 'record.created',
      table: { id: tableId },
      webhook: { id: webhookId, name: 'New' },
      items: [
        {
          recordId: records.a,
          recordVersion: 3,
          previous: null,
          record: { Title: 'Ship', Status: 'completed', Count: 0 },
        },
      ],
    });
    expect(first?.event.items[0]?.changes.map(({ fieldName, from, to }) => [fieldName, from, to])).toEqual(
      expect.arrayContaining([
        ['Title', null, 'Ship'],
        ['Status', null, 'completed'],
        ['Count', null, 0],
      ]),
    );
    expect(receiver.received).toHaveLength(2);
    expect(await count({ webhookId, backfill })).toBe(0);
    expect(replayed(old)).toEqual([]);
    // What it now hears of by itself is no matter of a backfill either.
    const { changeId } = await ground.tablehook.updateRecord(tableId, records.c, { Title: 'Later' });
    await ground.tablehook.deliveryOf(changeId, webhookId);
    expect(await count({ webhookId, backfill })).toBe(0);
  });

  it('tells of reported records by their latest report, and not of deleted ones', async () => {
    const table = await ground.tablehook.createTable();
    const report = async (...changes: Record<string, unknown>[]) => {
      const body = { changes: changes.map((change, index) => ({ changeKey: `${index}`, ...change })) };
      const { status } = await ground.tablehook.call('POST', `/v1/tables/${table.id}/changes`, body);
      expect(status).toBe(202);
    };
    await report(
      { type: 'record.created', recordId: 'inv-1', record: { Title: 'One' } },
      { type: 'record.created', recordId: 'inv-2', record: { Title: 'Two' } },
      { type: 'record.updated', recordId: 'inv-1', previous: { Title: 'One' }, record: { Title: 'Uno' } },
      { type: 'record.created', recordId: 'inv-3', record: { Title: 'Three' } },
      { type: 'record.deleted', recordId: 'inv-2', previous: { Title: 'Two' } },
    );
    const receiver = await endpoint();
    const webhook = await ground.tablehook.createWebhook(table.id, { url: receiver.url });
    const { id } = await replay({ webhookId: webhook.id, backfill: { records: true } });
    expect(await ended(id)).toMatchObject({ selected: 2, sent: 2 });
    await allSettled(webhook.id, 2);
    const told = receiver.received.map(({ event }) => [event.items[0]?.recordId, event.items[0]?.record]);
    expect(new Map(told as [string, unknown][])).toEqual(
      new Map([
        ['inv-1', { Title: 'Uno' }],
        ['inv-3', { Title: 'Three' }],
      ]),
    );
  });

  it('tells of the changes since a time as they were, those it asks for and never heard of', async () => {
    const { receiver, tableId, webhookId, records } = await stage({
      events: ['record.updated', 'record.deleted'],
    });
    const { createdAt: since } = (await deliveriesOf((await stage()).oldId))[0] ?? { createdAt: '' };
    expect(await count({ webhookId, backfill: { changesSince: since } })).toBe(0);
    const backfill = { changesSince: '2020-01-01T00:00:00Z' };
    const heard = await ground.tablehook.updateRecord(tableId, records.c, { Title: 'Heard' });
    await ground.tablehook.deliveryOf(heard.changeId, webhookId);
    expect(await count({ webhookId, backfill })).toBe(3);
    const { id } = await replay({ webhookId, backfill });
    expect(await ended(id)).toMatchObject({ selected: 3, sent: 3 });
    await allSettled(webhookId, 4);
    const told = replayed(receiver).map(({ event }) => `${event.type} ${event.items[0]?.recordVersion}`);
    expect(told.toSorted()).toEqual(['record.deleted 2', 'record.updated 2', 'record.updated 3']);
    expect(await count({ webhookId, backfill })).toBe(0);
  });

  it('finds what was written while the webhook was disabled', async () => {
    const { receiver, tableId, webhookId } = await fire(1);
    await allSettled(webhookId, 1);
    await ground.tablehook.call('PATCH', `/v1/webhooks/${webhookId}`, { enabled: false });
    const missed = await ground.tablehook.createRecord(tableId, { Title: 'Missed' });
    await ground.tablehook.call('PATCH', `/v1/webhooks/${webhookId}`, { enabled: true });
    const { id } = await replay({ webhookId, backfill: { changesSince: '2020-01-01T00:00:00Z' } });
    expect(await ended(id)).toMatchObject({ selected: 1, sent: 1 });
    const delivery = await ground.tablehook.deliveryOf(missed.changeId, webhookId);
    expect(replayed(receiver).map(({ headers }) => headers['webhook-id'])).toEqual([delivery.id]);
  });

  it('makes one delivery of each when two backfills of a webhook run at once', async () => {
    const { tableId } = await fire(300);
    await until(
      async () =>
        !(await ground.tablehook.services.models.changes.exists({ tableId, state: { $ne: 'planned' } })),
      { what: 'the plans' },
    );
    const receiver = await endpoint();
    const webhook = await ground.tablehook.createWebhook(tableId, { url: receiver.url });
    const input = { webhookId: webhook.id, backfill: { records: true } };
    const made = await Promise.all([replay(input), replay(input)]);
    const counts = await Promise.all(made.map(async ({ id }) => (await ended(id)).sent));
    expect(counts.reduce((sum, sent) => sum + sent, 0)).toBe(300);
    await allSettled(webhook.id, 300);
    expect(receiver.received).toHaveLength(300);
    expect(new Set(receiver.received.map(({ event }) => event.items[0]?.recordId)).size).toBe(300);
  });

  it('walks a long history to its end', async () => {
    const { tableId, results } = await fire(1, { enabled: false });
    const recordId = results[0]?.record?.id ?? '';
    const { changes } = ground.tablehook.services.models;
    const [first] = await changes.find({ tableId }).lean();
    if (!first) throw new Error('there is no change');
    // A record of 1,500 versions in front of 1,200 others: more than is looked at together, twice.
    const copies = Array.from({ length: 2_700 }, (_, index) => ({
      ...first,
      _id: newId('chg'),
      ...(index < 1_500
        ? { recordVersion: index + 2 }
        : { recordId: `zzz-${String(index).padStart(5, '0')}`, recordVersion: 1 }),
    }));
    await changes.insertMany(copies, { lean: true });
    const webhook = await ground.tablehook.createWebhook(tableId, {
      url: (await endpoint()).url,
      enabled: false,
    });
    expect(await count({ webhookId: webhook.id, backfill: { records: true } })).toBe(1_201);
    expect(await count({ webhookId: webhook.id, backfill: { changesSince: '2020-01-01T00:00:00Z' } })).toBe(
      2_701,
    );
    const { id } = await replay({ webhookId: webhook.id, backfill: { records: true } });
    expect(await ended(id)).toMatchObject({ state: 'completed', sent: 1_201 });
    const latest = await ground.tablehook.services.models.deliveries
      .findOne({ webhookId: webhook.id, recordId }, { recordVersion: 1 })
      .lean();
    expect(latest?.recordVersion).toBe(1_501);
  });

  it('passes what a condition leaves out, and sends the rest once, few at a time where they are large', async () => {
    const { tableId } = await fire(1, { enabled: false });
    const { models } = ground.tablehook.services;
    const { fields } = await models.tables.findOne({ _id: tableId }).lean().orFail();
    const idOf = (name: string) => fields.find((field) => field.name === name)?.id ?? '';
    const first = await models.changes.findOne({ tableId }).lean().orFail();
    const toCopy = (index: number, values: Record<string, unknown>) => ({
      ...first,
      _id: newId('chg'),
      recordId: `zzz-${String(index).padStart(5, '0')}`,
      record: { ...first.record, ...values },
    });
    // Pages that hold nothing for it, small ones that it asks for far apart, and large ones behind each other.
    const small = { [idOf('Count')]: 7 };
    const large = { ...small, [idOf('Title')]: 'x'.repeat(240_000) };
    const copies = Array.from({ length: 1_200 }, (_, index) =>
      toCopy(index, index >= 1_180 ? large : index % 400 === 399 ? small : {}),
    );
    const wanted = copies.filter((_, index) => index >= 1_180 || index % 400 === 399);
    await models.changes.insertMany(copies, { lean: true });
    const receiver = await endpoint();
    const { id: webhookId } = await ground.tablehook.createWebhook(tableId, {
      url: receiver.url,
      condition: { filter: { Count: 7 } },
    });
    for (const backfill of [{ changesSince: '2020-01-01T00:00:00Z' }, { records: true }])
      expect(await count({ webhookId, backfill })).toBe(wanted.length);
    const { id } = await replay({ webhookId, backfill: { changesSince: '2020-01-01T00:00:00Z' } });
    expect(await ended(id)).toMatchObject({ state: 'completed', selected: 22, sent: 22 });
    await allSettled(webhookId, 22);
    const arrived = receiver.received.map(({ event }) => event.items[0]?.recordId);
    expect(arrived).toHaveLength(22);
    expect(new Set(arrived)).toEqual(new Set(wanted.map(({ recordId }) => recordId)));
    expect(await count({ webhookId, backfill: { records: true } })).toBe(0);
  });
});
