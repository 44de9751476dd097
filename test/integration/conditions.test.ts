import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Problem } from '../../src/contracts/problem.ts';
import type { Table } from '../../src/contracts/table.ts';
import type { Webhook } from '../../src/contracts/webhook.ts';
import type { WebhookPreview } from '../../src/contracts/webhook-preview.ts';
import type { Page } from '../../src/contracts/page.ts';
import type { Replay } from '../../src/contracts/replay.ts';
import type { Receiver } from '../support/receiver.ts';
import { startReceiver } from '../support/receiver.ts';
import type { Tablehook } from '../support/tablehook.ts';
import { startTablehook } from '../support/tablehook.ts';
import { until } from '../support/until.ts';

const FIELDS = [
  { name: 'Title', type: 'text' },
  { name: 'Stage', type: 'select', options: ['open', 'won', 'lost'] },
  { name: 'Amount', type: 'number' },
];

describe('firing only when asked', () => {
  let tablehook: Tablehook;
  let receiver: Receiver;
  let table: Table;
  beforeAll(async () => {
    tablehook = await startTablehook();
    receiver = await startReceiver();
  });
  afterAll(async () => {
    await tablehook.stop();
    await receiver.close();
  });

  const newTable = async () => {
    const { body } = await tablehook.call<Table>('POST', '/v1/tables', { name: 'Deals', fields: FIELDS });
    table = body;
    return table;
  };
  const idOf = (name: string) => table.fields.find((field) => field.name === name)?.id ?? '';
  const register = async (input: Record<string, unknown>) =>
    tablehook.createWebhook(table.id, { url: receiver.url, ...input });
  /** What a webhook was told, as `type version`, once the table's change with this id was delivered to the witness. */
  const toldTo = (webhookId: string) =>
    receiver.received
      .filter(({ event }) => event.webhook.id === webhookId)
      .map(({ event }) => `${event.type} ${event.items[0]?.recordVersion}`)
      .toSorted();
  const settle = async (changeId: string | null) => {
    await until(async () => {
      const { state, deliveries } = await tablehook.getChange(changeId ?? '');
      return state === 'planned' && deliveries.every((delivery) => delivery.state === 'delivered');
    });
  };
  const get = async (webhookId: string) =>
    (await tablehook.call<Webhook>('GET', `/v1/webhooks/${webhookId}`)).body;

  it('goes by watched fields, by conditions that match, are entered and are left, and by sources', async () => {
    await newTable();
    const key = await tablehook.createKey({ name: 'sync', scopes: ['records:write'] });
    const won = { filter: { Stage: 'won', Amount: { $gte: 100 } } };
    const hooks = {
      watches: await register({ watchFields: ['Stage'] }),
      matches: await register({ condition: won }),
      enters: await register({ condition: { ...won, when: 'enters' } }),
      leaves: await register({ condition: { ...won, when: 'leaves' } }),
      ignoresKey: await register({ ignoreSources: [key.id] }),
      ignoresApi: await register({ ignoreSources: ['api'] }),
      all: await register({}),
    };
    const record = await tablehook.createRecord(table.id, { Title: 'A', Stage: 'open', Amount: 200 });
    await tablehook.updateRecord(table.id, record.id, { Title: 'B' });
    await tablehook.updateRecord(table.id, record.id, { Stage: 'won' });
    await tablehook.updateRecord(table.id, record.id, { Title: 'C' });
    const path = `/v1/tables/${table.id}/records/${record.id}`;
    await tablehook.as(key.key).call('PATCH', path, { values: { Amount: 50 } });
    const removed = await tablehook.call('DELETE', path);
    await settle(removed.headers.get('tablehook-change-id'));
    await until(async () => toldTo(hooks.all.id).length === 6);
    await until(async () => {
      const all = await tablehook.listDeliveries(`tableId=${table.id}&limit=200`);
      return all.every(({ state }) => state === 'delivered');
    });

    expect(toldTo(hooks.watches.id)).toEqual(['record.created 1', 'record.deleted 6', 'record.updated 3']);
    expect(toldTo(hooks.matches.id)).toEqual(['record.updated 3', 'record.updated 4']);
    expect(toldTo(hooks.enters.id)).toEqual(['record.updated 3']);
    expect(toldTo(hooks.leaves.id)).toEqual(['record.updated 5']);
    expect(toldTo(hooks.ignoresKey.id)).toHaveLength(5);
    expect(toldTo(hooks.ignoresKey.id)).not.toContain('record.updated 5');
    expect(toldTo(hooks.ignoresApi.id)).toEqual([]);
  });

  it('shows fields by id, so that a rename changes nothing', async () => {
    await newTable();
    const webhook = await register({
      watchFields: ['Stage', idOf('Stage')],
      condition: { filter: { Stage: 'won' } },
    });
    expect(webhook).toMatchObject({
      watchFields: [idOf('Stage')],
      condition: { filter: { [idOf('Stage')]: 'won' }, when: 'matches' },
    });
    const fields = table.fields.map((field) =>
      field.name === 'Stage' ? { ...field, name: 'Phase' } : field,
    );
    await tablehook.call('PATCH', `/v1/tables/${table.id}`, { fields });
    expect(await get(webhook.id)).toMatchObject({ status: 'active', condition: webhook.condition });
    const record = await tablehook.createRecord(table.id, { Phase: 'won' });
    await tablehook.deliveryOf(record.changeId, webhook.id);
  });

  it.each([
    [{ watchFields: ['Nope'] }, 422, 'watchFields.0'],
    [{ condition: { filter: { Nope: 1 } } }, 422, 'condition.filter.Nope'],
    [{ condition: { filter: { Stage: 'sold' } } }, 422, 'condition.filter.Stage'],
    [{ condition: { filter: { Amount: '1' } } }, 422, 'condition.filter.Amount'],
    [{ condition: { filter: { $where: '1' } } }, 400, 'condition.filter.$where'],
    [{ condition: { filter: { Title: { $regex: '.*' } } } }, 400, 'condition.filter.Title.$regex'],
    [{ condition: { filter: {} } }, 400, 'condition.filter'],
    [{ condition: { filter: { Stage: 'won' }, when: 'became' } }, 400, 'condition.when'],
    [{ ignoreSources: ['webhook'] }, 400, 'ignoreSources.0'],
    [{ ignoreSources: ['key_01h455vb4pex5vsknk084sn02q'] }, 422, 'ignoreSources.0'],
  ])(
    'refuses %j with %i, at registration and in an edit, and changes nothing',
    async (input, status, path) => {
      await newTable();
      const create = { name: 'CRM', url: receiver.url, events: ['record.*'], ...input };
      const created = await tablehook.call<Problem>('POST', `/v1/tables/${table.id}/webhooks`, create);
      expect([created.status, created.body.errors?.[0]?.path]).toEqual([status, path]);
      const webhook = await register({});
      const before = await get(webhook.id);
      const edited = await tablehook.call<Problem>('PATCH', `/v1/webhooks/${webhook.id}`, input);
      expect([edited.status, edited.body.errors?.[0]?.path]).toEqual([status, path]);
      expect(await get(webhook.id)).toEqual(before);
    },
  );

  it('needs attention when a field it asks for is deleted, hears nothing meanwhile, and is sent what it missed', async () => {
    await newTable();
    const witness = await register({});
    const watcher = await register({ name: 'Watcher', watchFields: ['Stage'], events: ['record.updated'] });
    const filter = await register({ name: 'Filter', condition: { filter: { Stage: 'won' } } });
    const bystander = await register({ watchFields: ['Title'] });
    const record = await tablehook.createRecord(table.id, { Title: 'A', Stage: 'won', Amount: 1 });
    await tablehook.deliveryOf(record.changeId, filter.id);

    const kept = table.fields.filter(({ name }) => name !== 'Stage');
    await tablehook.call('PATCH', `/v1/tables/${table.id}`, { fields: kept });
    expect(await get(watcher.id)).toMatchObject({
      status: 'needs-attention',
      statusReason: expect.stringContaining('It watches the field Stage, which was deleted.'),
      enabled: true,
    });
    expect(await get(filter.id)).toMatchObject({
      status: 'needs-attention',
      statusReason: expect.stringContaining('Its condition asks for the field Stage, which was deleted.'),
    });
    expect(await get(bystander.id)).toMatchObject({ status: 'active' });
    const health = await tablehook.call(`GET`, `/v1/webhooks/${filter.id}/health`);
    expect(health.body).toMatchObject({ status: 'needs-attention' });

    const updated = await tablehook.updateRecord(table.id, record.id, { Amount: 2 });
    const other = await tablehook.createRecord(table.id, { Title: 'B', Amount: 500 });
    const silent = await tablehook.call<{ changeId: string }>(
      'POST',
      `/v1/tables/${table.id}/records?fire=false`,
      {
        values: { Amount: 900 },
      },
    );
    await tablehook.deliveryOf(updated.changeId, witness.id);
    await tablehook.deliveryOf(other.changeId, witness.id);
    expect(
      (await tablehook.getChange(other.changeId ?? '')).deliveries.map(({ webhookId }) => webhookId),
    ).not.toContain(filter.id);

    const mended = await tablehook.call<Webhook>('PATCH', `/v1/webhooks/${filter.id}`, {
      condition: { filter: { Amount: { $gte: 100 } } },
    });
    expect(mended.body).toMatchObject({ status: 'active', statusReason: null });
    const missed = await tablehook.deliveryOf(other.changeId, filter.id);
    expect(missed.replay).toBe(true);
    const { body: replays } = await tablehook.call<Page<Replay>>('GET', `/v1/replays?webhookId=${filter.id}`);
    await until(async () => {
      const { body } = await tablehook.call<Replay>('GET', `/v1/replays/${replays.data[0]?.id}`);
      return body.state === 'completed' && body.sent === 1;
    });
    expect((await tablehook.getChange(silent.body.changeId)).deliveries).toEqual([]);
    const next = await tablehook.createRecord(table.id, { Amount: 101 });
    expect((await tablehook.deliveryOf(next.changeId, filter.id)).replay).toBe(false);
    expect(await get(watcher.id)).toMatchObject({ status: 'needs-attention' });
    const { body: events } = await tablehook.call<Page<{ values: Record<string, unknown> }>>(
      'GET',
      '/v1/tables/tbl_00000000000000000000events/records',
    );
    const told = events.data.map(({ values }) => [values['Event'], values['WebhookName']].join(' '));
    expect(told).toContain('webhook.needs-attention Filter');
    expect(told).toContain('webhook.needs-attention Watcher');
    expect(told).toContain('webhook.recovered Filter');
  });

  it('needs attention when an option it asks for is taken away, and no longer when it is back', async () => {
    await newTable();
    const webhook = await register({ condition: { filter: { Stage: { $in: ['won', 'lost'] } } } });
    const withOptions = (options: string[]) => ({
      fields: table.fields.map((field) => (field.name === 'Stage' ? { ...field, options } : field)),
    });
    await tablehook.call('PATCH', `/v1/tables/${table.id}`, withOptions(['open', 'lost']));
    expect(await get(webhook.id)).toMatchObject({
      status: 'needs-attention',
      statusReason: expect.stringContaining('what it cannot be any more: must be one of "open", "lost"'),
    });
    const missed = await tablehook.createRecord(table.id, { Stage: 'lost' });
    await tablehook.call('PATCH', `/v1/tables/${table.id}`, withOptions(['open', 'lost', 'won']));
    expect(await get(webhook.id)).toMatchObject({ status: 'active' });
    await tablehook.deliveryOf(missed.changeId, webhook.id);
  });

  it('backfills only what it asks for', async () => {
    await newTable();
    const since = new Date().toISOString();
    const small = await tablehook.createRecord(table.id, { Amount: 1 });
    const large = await tablehook.createRecord(table.id, { Amount: 500 });
    const webhook = await register({ condition: { filter: { Amount: { $gt: 100 } } } });
    for (const backfill of [{ records: true }, { changesSince: since }]) {
      const { body } = await tablehook.call<{ selected: number }>('POST', '/v1/replays', {
        webhookId: webhook.id,
        backfill,
        dryRun: true,
      });
      expect(body.selected).toBe(1);
    }
    await tablehook.call('POST', '/v1/replays', { webhookId: webhook.id, backfill: { records: true } });
    await tablehook.deliveryOf(large.changeId, webhook.id);
    expect((await tablehook.getChange(small.changeId ?? '')).deliveries).toEqual([]);
  });

  it('leaves out of the backfill of an ordered webhook what is older than what it got', async () => {
    await newTable();
    const since = new Date().toISOString();
    const hooks = [await register({ delivery: { order: 'record' } }), await register({})];
    const record = await tablehook.createRecord(table.id, { Amount: 1 });
    for (const { id } of hooks) {
      await tablehook.deliveryOf(record.changeId, id);
      await tablehook.call('PATCH', `/v1/webhooks/${id}`, { enabled: false });
    }
    await tablehook.updateRecord(table.id, record.id, { Amount: 2 });
    const other = await tablehook.createRecord(table.id, { Amount: 10 });
    for (const { id } of hooks) await tablehook.call('PATCH', `/v1/webhooks/${id}`, { enabled: true });
    const last = await tablehook.updateRecord(table.id, record.id, { Amount: 3 });
    for (const { id } of hooks) await tablehook.deliveryOf(last.changeId, id);
    const selected = [];
    for (const { id: webhookId } of hooks) {
      const input = { webhookId, backfill: { changesSince: since }, dryRun: true };
      const { body } = await tablehook.call<{ selected: number }>('POST', '/v1/replays', input);
      selected.push(body.selected);
    }
    expect(selected).toEqual([1, 2]);
    const [{ id: ordered } = { id: '' }] = hooks;
    await tablehook.call('POST', '/v1/replays', { webhookId: ordered, backfill: { changesSince: since } });
    await tablehook.deliveryOf(other.changeId, ordered);
  });

  it('previews which recent changes would have fired, and why the others would not, and sends nothing', async () => {
    await newTable();
    const webhook = await register({
      enabled: false,
      events: ['record.updated'],
      watchFields: ['Stage'],
      condition: { filter: { Stage: 'won' }, when: 'enters' },
    });
    const record = await tablehook.createRecord(table.id, { Title: 'A', Stage: 'open' });
    await tablehook.updateRecord(table.id, record.id, { Title: 'B' });
    await tablehook.updateRecord(table.id, record.id, { Stage: 'won' });
    const path = `/v1/tables/${table.id}/records/${record.id}?fire=false`;
    await tablehook.call('PATCH', path, { values: { Stage: 'lost' } });
    const preview = async (body?: object) =>
      (await tablehook.call<WebhookPreview>('POST', `/v1/webhooks/${webhook.id}/preview`, body)).body.data;

    const [silent, won, title, created] = await preview();
    expect(won).toMatchObject({
      eventType: 'record.updated',
      recordVersion: 3,
      wouldFire: true,
      reasons: [],
    });
    expect(silent?.reasons).toEqual([
      'It was written silently (fire=false).',
      expect.stringContaining('did not come to fit'),
    ]);
    expect(title?.reasons).toEqual([
      'None of the fields it watches differs; changed: Title.',
      expect.stringContaining('did not come to fit'),
    ]);
    expect(created?.reasons).toEqual([
      'It asks for record.updated, not for record.created.',
      expect.stringContaining('did not come to fit'),
    ]);
    expect((await preview({ limit: 1 })).map(({ recordVersion }) => recordVersion)).toEqual([4]);
    const tried = await preview({ events: ['record.*'], watchFields: [], condition: null });
    expect(tried.map(({ wouldFire }) => wouldFire)).toEqual([false, true, true, true]);
    const refused = await tablehook.call<Problem>('POST', `/v1/webhooks/${webhook.id}/preview`, {
      condition: { filter: { Nope: 1 } },
    });
    expect([refused.status, refused.body.errors?.[0]?.path]).toEqual([422, 'condition.filter.Nope']);
    expect(await tablehook.listDeliveries(`webhookId=${webhook.id}`)).toEqual([]);
  });
});
