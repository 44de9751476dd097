import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Delivery } from '../../src/contracts/delivery.ts';
import type { Page } from '../../src/contracts/page.ts';
import type { Problem } from '../../src/contracts/problem.ts';
import type { BatchResult } from '../../src/contracts/record.ts';
import type { Replay, ReplaySelection } from '../../src/contracts/replay.ts';
import { newId } from '../../src/services/id.ts';
import { ensureReplays } from '../../src/services/replays/reconcile.ts';
import { stepReplay } from '../../src/services/replays/step.ts';
import type { Received, Receiver } from '../support/receiver.ts';
import { startReceiver } from '../support/receiver.ts';
import type { Tablehook } from '../support/tablehook.ts';
import { startTablehook } from '../support/tablehook.ts';
import type { TemporalView } from '../support/temporal.ts';
import { viewTemporal } from '../support/temporal.ts';
import { until } from '../support/until.ts';

let tablehook: Tablehook;
let temporal: TemporalView;
const receivers: Receiver[] = [];
beforeAll(async () => {
  tablehook = await startTablehook();
  temporal = await viewTemporal();
});
afterAll(async () => {
  await tablehook.stop();
  await temporal.close();
  for (const receiver of receivers) await receiver.close();
});

const endpoint = async () => {
  const receiver = await startReceiver();
  receivers.push(receiver);
  return receiver;
};
const post = <T = Replay>(body: unknown, headers?: Record<string, string>) =>
  tablehook.call<T>('POST', '/v1/replays', body, headers);
const count = async (body: Record<string, unknown>) => {
  const reply = await post<ReplaySelection>({ ...body, dryRun: true });
  expect(reply.status).toBe(200);
  return reply.body.selected;
};
const read = async (id: string) => (await tablehook.call<Replay>('GET', `/v1/replays/${id}`)).body;
const replay = async (body: Record<string, unknown>) => {
  const reply = await post(body);
  expect(reply.status, JSON.stringify(reply.body)).toBe(201);
  return reply.body;
};
const ended = (id: string) =>
  until(
    async () => {
      const found = await read(id);
      return found.state !== 'running' && found;
    },
    { what: 'the end of the replay' },
  );
const deliveriesOf = async (webhookId: string) => {
  const all: Delivery[] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const query: string = `webhookId=${webhookId}&limit=200${cursor && `&cursor=${cursor}`}`;
    const { body } = await tablehook.call<Page<Delivery>>('GET', `/v1/deliveries?${query}`);
    all.push(...body.data);
    cursor = body.nextCursor;
  }
  return all.toReversed();
};
const allSettled = (webhookId: string, expected: number) =>
  until(
    async () => {
      const all = await deliveriesOf(webhookId);
      return all.length === expected && all.every(({ settledAt }) => settledAt !== null) && all;
    },
    { what: `${expected} settled deliveries` },
  );
const idsOf = (received: Received[]) => received.map(({ headers }) => headers['webhook-id']);
const replayed = ({ received }: Receiver) =>
  received.filter(({ headers }) => headers['tablehook-replay'] === 'true');
/** A table, a webhook of it, and records that were created together. */
const fire = async (records: number, webhook: Record<string, unknown> = {}) => {
  const receiver = await endpoint();
  const table = await tablehook.createTable();
  const { id: webhookId } = await tablehook.createWebhook(table.id, {
    url: receiver.url,
    retry: { initialMs: 50, factor: 1, jitter: 0 },
    ...webhook,
  });
  const operations = Array.from({ length: records }, (_, Count) => ({ op: 'create', values: { Count } }));
  const { body } = await tablehook.call<BatchResult>('POST', `/v1/tables/${table.id}/records/batch`, {
    operations,
  });
  return { receiver, tableId: table.id, webhookId, results: body.results };
};

describe('replaying what was settled', () => {
  it('sends each once more, oldest first, with its own id and bytes, marked; counts first', async () => {
    const { receiver, webhookId } = await fire(450);
    await allSettled(webhookId, 450);
    const before = new Map(receiver.received.map(({ headers, body }) => [headers['webhook-id'], body]));
    expect(await count({ webhookId, filter: {} })).toBe(450);
    expect(receiver.received).toHaveLength(450);
    const made = await replay({ webhookId, filter: {} });
    expect(made).toEqual({
      id: expect.stringMatching(/^rpl_/),
      webhookId,
      filter: {},
      backfill: null,
      ratePerSecond: null,
      state: 'running',
      selected: 450,
      sent: 0,
      createdAt: expect.stringMatching(/Z$/),
      endedAt: null,
      workflow: {
        id: `replay/${made.id}`,
        url: `http://temporal.test/namespaces/default/workflows/${encodeURIComponent(`replay/${made.id}`)}`,
      },
    });
    expect(await ended(made.id)).toMatchObject({
      state: 'completed',
      sent: 450,
      endedAt: expect.stringMatching(/Z$/),
    });
    await until(async () => replayed(receiver).length >= 450, { what: '450 replays' });
    const after = await allSettled(webhookId, 450);
    expect(after.every(({ state, attemptCount }) => state === 'delivered' && attemptCount === 2)).toBe(true);
    expect(after.every((delivery) => delivery.replay)).toBe(true);
    const sent = replayed(receiver);
    expect(new Set(idsOf(sent))).toEqual(new Set(before.keys()));
    expect(sent).toHaveLength(450);
    for (const { headers, body } of sent) expect(body).toBe(before.get(headers['webhook-id']));
  });

  it('selects by state, record and time, and only what is settled', async () => {
    const receiver = await endpoint();
    const table = await tablehook.createTable();
    const { id: webhookId } = await tablehook.createWebhook(table.id, {
      url: receiver.url,
      retry: { initialMs: 3_600_000 },
    });
    const make = async (status: number, state: 'delivered' | 'failed' | 'retrying') => {
      receiver.answerNext({ status });
      const { changeId } = await tablehook.createRecord(table.id);
      return tablehook.deliveryOf(changeId, webhookId, state);
    };
    const delivered = await make(200, 'delivered');
    const failed = await make(404, 'failed');
    const cancelled = await make(503, 'retrying');
    await tablehook.call('POST', `/v1/deliveries/${cancelled.id}/cancel`);
    await make(503, 'retrying');
    const selects = async (filter: Record<string, unknown>) => count({ webhookId, filter });
    expect(await selects({})).toBe(3);
    expect(await selects({ states: ['delivered'] })).toBe(1);
    expect(await selects({ states: ['failed', 'cancelled'] })).toBe(2);
    expect(await selects({ recordId: failed.recordId })).toBe(1);
    expect(await selects({ recordId: failed.recordId, states: ['delivered'] })).toBe(0);
    expect(await selects({ since: failed.createdAt })).toBe(2);
    expect(await selects({ until: failed.createdAt })).toBe(1);
    expect(await selects({ since: failed.createdAt, until: cancelled.createdAt })).toBe(1);
    expect(await selects({ since: '9999-01-01T00:00:00Z' })).toBe(0);
    const { id } = await replay({ webhookId, filter: { states: ['failed'] } });
    expect(await ended(id)).toMatchObject({ selected: 1, sent: 1 });
    await tablehook.deliveryOf(failed.changeId, webhookId);
    expect(idsOf(replayed(receiver))).toEqual([failed.id]);
    expect(await tablehook.getDelivery(delivered.id)).toMatchObject({ attemptCount: 1, replay: false });
  });

  it('has each tried until it arrives, though the workflow of its change is still busy with another webhook', async () => {
    const [busy, fine] = [await endpoint(), await endpoint()];
    busy.answerAlways({ status: 503 });
    fine.answerNext({ status: 404 }, { status: 503 });
    const table = await tablehook.createTable();
    const slow = { initialMs: 3_600_000 };
    const retrying = await tablehook.createWebhook(table.id, { url: busy.url, retry: slow });
    const failing = await tablehook.createWebhook(table.id, { url: fine.url, retry: { initialMs: 50 } });
    const { changeId } = await tablehook.createRecord(table.id);
    await tablehook.deliveryOf(changeId, retrying.id, 'retrying');
    const { id } = await tablehook.deliveryOf(changeId, failing.id, 'failed');
    await ended((await replay({ webhookId: failing.id, filter: {} })).id);
    const delivery = await tablehook.deliveryOf(changeId, failing.id);
    expect(delivery).toMatchObject({ id, attemptCount: 3 });
    expect(busy.received).toHaveLength(1);
  });

  it('completes at once when it selects nothing', async () => {
    const { webhookId } = await fire(1);
    await allSettled(webhookId, 1);
    const { id, selected } = await replay({ webhookId, filter: { states: ['cancelled'] } });
    expect(selected).toBe(0);
    expect(await ended(id)).toMatchObject({ state: 'completed', sent: 0 });
  });

  it('goes at its rate', async () => {
    const { receiver, webhookId } = await fire(8);
    await allSettled(webhookId, 8);
    const startedAt = Date.now();
    const { id } = await replay({ webhookId, filter: {}, ratePerSecond: 3 });
    const early = await until(
      async () => {
        const found = await read(id);
        return found.sent > 0 && found;
      },
      { what: 'the first step' },
    );
    expect(early).toMatchObject({ state: 'running', sent: 3 });
    expect(await ended(id)).toMatchObject({ sent: 8, ratePerSecond: 3 });
    // Three, a second, three, a second, two.
    expect(Date.now() - startedAt).toBeGreaterThan(2_000);
    await until(async () => replayed(receiver).length === 8, { what: '8 replays' });
  });

  it('puts nothing further in line once it is cancelled; what is in line still goes out', async () => {
    const { receiver, webhookId } = await fire(5);
    await allSettled(webhookId, 5);
    const { id } = await replay({ webhookId, filter: {}, ratePerSecond: 0.5 });
    await until(async () => (await read(id)).sent === 1, { what: 'the first one' });
    const cancel = () => tablehook.call<Replay>('POST', `/v1/replays/${id}/cancel`);
    const reply = await cancel();
    expect(reply.status).toBe(200);
    expect(reply.body).toMatchObject({ state: 'cancelled', sent: 1, endedAt: expect.any(String) });
    expect((await cancel()).body).toEqual(reply.body);
    await temporal.ended(`replay/${id}`);
    await until(async () => replayed(receiver).length > 0, { what: 'the one in line' });
    expect(await read(id)).toEqual(reply.body);
    expect(replayed(receiver)).toHaveLength(1);
  });

  it('is cancelled when its webhook is deleted', async () => {
    const { webhookId } = await fire(5);
    await allSettled(webhookId, 5);
    const { id } = await replay({ webhookId, filter: {}, ratePerSecond: 1 });
    await tablehook.call('DELETE', `/v1/webhooks/${webhookId}`);
    const { state, sent } = await ended(id);
    expect(state).toBe('cancelled');
    expect(sent).toBeLessThan(5);
  });

  it('counts each once, and puts each in line once, however many do the same step at once', async () => {
    const { receiver, webhookId } = await fire(450);
    await allSettled(webhookId, 450);
    const { id } = await replay({ webhookId, filter: {} });
    const { workflows, events } = tablehook.worker;
    const context = { ...tablehook.services, workflows, events };
    await Promise.all(
      Array.from({ length: 4 }, async () => {
        while ((await stepReplay(context, { replayId: id })).next.kind !== 'done');
      }),
    );
    expect(await ended(id)).toMatchObject({ state: 'completed', selected: 450, sent: 450 });
    await until(async () => replayed(receiver).length >= 450, { what: '450 replays' });
    const all = await allSettled(webhookId, 450);
    expect(all.filter(({ attemptCount }) => attemptCount !== 2)).toEqual([]);
  });

  it('goes on where it was when somebody terminates its workflow', async () => {
    const { receiver, webhookId } = await fire(6);
    await allSettled(webhookId, 6);
    const { id } = await replay({ webhookId, filter: {}, ratePerSecond: 2 });
    await until(async () => (await read(id)).sent === 2, { what: 'the first step' });
    await temporal.client.workflow.getHandle(`replay/${id}`).terminate();
    const context = { ...tablehook.services, workflows: tablehook.worker.workflows };
    expect(await ensureReplays(context)).toBe(1);
    expect(await ensureReplays(context)).toBe(0);
    expect(await ended(id)).toMatchObject({ state: 'completed', sent: 6 });
    await until(async () => replayed(receiver).length >= 6, { what: '6 replays' });
    await allSettled(webhookId, 6);
    expect(new Set(idsOf(replayed(receiver))).size).toBe(replayed(receiver).length);
  });

  it('tells in the Temporal UI how far it came', async () => {
    const { webhookId } = await fire(2);
    await allSettled(webhookId, 2);
    const { id } = await replay({ webhookId, filter: {} });
    await ended(id);
    await temporal.ended(`replay/${id}`);
    expect(await temporal.currentDetails(`replay/${id}`)).toContain('- completed: 2 of 2 put in line');
  });
});

describe('backfilling', () => {
  /** A table with a history that one webhook heard of, and one that is registered after it. */
  const stage = async (webhook: Record<string, unknown> = {}) => {
    const { receiver: old, tableId, webhookId: oldId, results } = await fire(3);
    const [a, b, c] = results.map(({ record }) => record?.id ?? '');
    if (a === undefined || b === undefined || c === undefined) throw new Error('too few records');
    await tablehook.updateRecord(tableId, a, { Title: 'Ship', Status: 'pending' });
    const { changeId: lastOfA } = await tablehook.updateRecord(tableId, a, { Status: 'completed' });
    await tablehook.call('DELETE', `/v1/tables/${tableId}/records/${b}`);
    await allSettled(oldId, 6);
    const receiver = await endpoint();
    const created = await tablehook.createWebhook(tableId, { name: 'New', url: receiver.url, ...webhook });
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
    const { changeId } = await tablehook.updateRecord(tableId, records.c, { Title: 'Later' });
    await tablehook.deliveryOf(changeId, webhookId);
    expect(await count({ webhookId, backfill })).toBe(0);
  });

  it('tells of reported records by their latest report, and not of deleted ones', async () => {
    const table = await tablehook.createTable();
    const report = async (...changes: Record<string, unknown>[]) => {
      const body = { changes: changes.map((change, index) => ({ changeKey: `${index}`, ...change })) };
      const { status } = await tablehook.call('POST', `/v1/tables/${table.id}/changes`, body);
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
    const webhook = await tablehook.createWebhook(table.id, { url: receiver.url });
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
    const heard = await tablehook.updateRecord(tableId, records.c, { Title: 'Heard' });
    await tablehook.deliveryOf(heard.changeId, webhookId);
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
    await tablehook.call('PATCH', `/v1/webhooks/${webhookId}`, { enabled: false });
    const missed = await tablehook.createRecord(tableId, { Title: 'Missed' });
    await tablehook.call('PATCH', `/v1/webhooks/${webhookId}`, { enabled: true });
    const { id } = await replay({ webhookId, backfill: { changesSince: '2020-01-01T00:00:00Z' } });
    expect(await ended(id)).toMatchObject({ selected: 1, sent: 1 });
    const delivery = await tablehook.deliveryOf(missed.changeId, webhookId);
    expect(replayed(receiver).map(({ headers }) => headers['webhook-id'])).toEqual([delivery.id]);
  });

  it('makes one delivery of each when two backfills of a webhook run at once', async () => {
    const { tableId } = await fire(300);
    await until(
      async () => !(await tablehook.services.models.changes.exists({ tableId, state: { $ne: 'planned' } })),
      { what: 'the plans' },
    );
    const receiver = await endpoint();
    const webhook = await tablehook.createWebhook(tableId, { url: receiver.url });
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
    const { changes } = tablehook.services.models;
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
    const webhook = await tablehook.createWebhook(tableId, { url: (await endpoint()).url, enabled: false });
    expect(await count({ webhookId: webhook.id, backfill: { records: true } })).toBe(1_201);
    expect(await count({ webhookId: webhook.id, backfill: { changesSince: '2020-01-01T00:00:00Z' } })).toBe(
      2_701,
    );
    const { id } = await replay({ webhookId: webhook.id, backfill: { records: true } });
    expect(await ended(id)).toMatchObject({ state: 'completed', sent: 1_201 });
    const latest = await tablehook.services.models.deliveries
      .findOne({ webhookId: webhook.id, recordId }, { recordVersion: 1 })
      .lean();
    expect(latest?.recordVersion).toBe(1_501);
  });
});

describe('the REST API of replays', () => {
  it('lists them newest first, page by page, by webhook, and only those in reach of the key', async () => {
    const { webhookId, tableId } = await fire(1);
    await allSettled(webhookId, 1);
    const made = [];
    for (let index = 0; index < 3; index += 1) made.push(await replay({ webhookId, filter: {} }));
    const list = async (query: string, client: Pick<Tablehook, 'call'> = tablehook) =>
      (await client.call<Page<Replay>>('GET', `/v1/replays?${query}`)).body;
    const first = await list(`webhookId=${webhookId}&limit=2`);
    const second = await list(`webhookId=${webhookId}&limit=2&cursor=${first.nextCursor}`);
    expect(second.nextCursor).toBeNull();
    const ids = [...first.data, ...second.data].map(({ id }) => id);
    expect(ids).toEqual(made.map(({ id }) => id).toReversed());
    expect((await list('limit=1')).data).toHaveLength(1);
    const elsewhere = await tablehook.createTable();
    const scopes = ['deliveries:read', 'deliveries:write'];
    const bound = await tablehook.createKey({ name: 'bound', scopes, tables: [elsewhere.id] });
    const mine = await tablehook.createKey({ name: 'mine', scopes, tables: [tableId] });
    expect((await list('limit=200', tablehook.as(bound.key))).data).toEqual([]);
    expect((await list('limit=200', tablehook.as(mine.key))).data).toHaveLength(3);
    const id = made[0]?.id ?? '';
    const statuses = async (key: string) => [
      (await tablehook.as(key).call('GET', `/v1/replays/${id}`)).status,
      (await tablehook.as(key).call('POST', '/v1/replays', { webhookId, filter: {}, dryRun: true })).status,
    ];
    expect(await statuses(bound.key)).toEqual([403, 403]);
    expect(await statuses(mine.key)).toEqual([200, 200]);
    expect((await tablehook.as(bound.key).call('POST', `/v1/replays/${id}/cancel`)).status).toBe(403);
  });

  it('answers 409 to the cancelling of one that is completed', async () => {
    const { webhookId } = await fire(1);
    await allSettled(webhookId, 1);
    const { id } = await replay({ webhookId, filter: {} });
    await ended(id);
    const { status, body } = await tablehook.call<Problem>('POST', `/v1/replays/${id}/cancel`);
    expect([status, body.code]).toEqual([409, 'conflict']);
  });

  it('makes one replay of a repeat with the same Idempotency-Key', async () => {
    const { webhookId } = await fire(1);
    await allSettled(webhookId, 1);
    const key = { 'idempotency-key': 'once' };
    const first = await post({ webhookId, filter: {} }, key);
    const again = await post({ webhookId, filter: {} }, key);
    expect(again.body).toEqual(first.body);
    expect(again.headers.get('location')).toBe(`/v1/replays/${first.body.id}`);
    const { body } = await tablehook.call<Page<Replay>>('GET', `/v1/replays?webhookId=${webhookId}`);
    expect(body.data).toHaveLength(1);
  });

  it('stores nothing for a dry run', async () => {
    const { webhookId } = await fire(1);
    await allSettled(webhookId, 1);
    const reply = await post({ webhookId, filter: {}, dryRun: true });
    expect([reply.status, reply.body]).toEqual([200, { selected: 1 }]);
    const { body } = await tablehook.call<Page<Replay>>('GET', `/v1/replays?webhookId=${webhookId}`);
    expect(body.data).toEqual([]);
  });

  it('answers 404 to a webhook, or a replay, that does not exist', async () => {
    expect((await post({ webhookId: newId('whk'), filter: {} })).status).toBe(404);
    expect((await post({ webhookId: newId('whk'), filter: {}, dryRun: true })).status).toBe(404);
    expect((await tablehook.call('GET', `/v1/replays/${newId('rpl')}`)).status).toBe(404);
    expect((await tablehook.call('POST', `/v1/replays/${newId('rpl')}/cancel`)).status).toBe(404);
  });

  it.each([
    ['neither filter nor backfill', {}],
    ['both', { filter: {}, backfill: { records: true } }],
    ['no state', { filter: { states: [] } }],
    ['an open state', { filter: { states: ['waiting'] } }],
    ['a time that is none', { filter: { since: 'monday' } }],
    ['a filter of an unknown field', { filter: { tableId: newId('tbl') } }],
    ['a backfill of nothing', { backfill: {} }],
    ['a backfill without records', { backfill: { records: false } }],
    ['a backfill of both kinds', { backfill: { records: true, changesSince: '2020-01-01T00:00:00Z' } }],
    ['a rate of nothing', { filter: {}, ratePerSecond: 0 }],
    ['a rate beyond all', { filter: {}, ratePerSecond: 1_001 }],
    ['a dry run that is no yes or no', { filter: {}, dryRun: 'yes' }],
    ['an unknown field', { filter: {}, force: true }],
  ])('refuses %s', async (_, body) => {
    const { status } = await post({ webhookId: newId('whk'), ...body });
    expect(status).toBe(400);
  });
});
