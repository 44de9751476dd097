import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Delivery } from '../../../src/contracts/delivery.ts';
import type { ExpungeResult } from '../../../src/contracts/expunge.ts';
import type { Page } from '../../../src/contracts/page.ts';
import type { Problem } from '../../../src/contracts/problem.ts';
import type { BatchResult, TableRecord } from '../../../src/contracts/record.ts';
import { runTransaction } from '../../../src/services/transaction.ts';
import { openBackfill } from '../../support/open-backfill.ts';
import type { Answer, Receiver } from '../../support/receiver.ts';
import { startReceiver } from '../../support/receiver.ts';
import type { Tablehook } from '../../support/tablehook.ts';
import { startTablehook } from '../../support/tablehook.ts';
import { until } from '../../support/until.ts';

const PLANTED = 'Ada Lovelace 1815';
const HOUR_MS = 3_600_000;
const SAYING_IT: Answer = { status: 200, headers: { 'x-seen': PLANTED }, body: `thanks for ${PLANTED}` };

describe('expunging', () => {
  let tablehook: Tablehook;
  const receivers: Receiver[] = [];
  beforeAll(async () => {
    tablehook = await startTablehook({ reconcileEveryMs: 200 });
  });
  afterAll(async () => {
    await tablehook.stop();
    for (const receiver of receivers) await receiver.close();
  });

  const endpoint = async (...answers: Answer[]) => {
    const receiver = await startReceiver();
    receivers.push(receiver);
    receiver.answerNext(...answers);
    return receiver;
  };
  const expunge = (path: string, body?: unknown) =>
    tablehook.call<ExpungeResult & Problem>('POST', `${path}/expunge`, body);
  const expunged = async (path: string, body?: unknown): Promise<ExpungeResult> => {
    const reply = await expunge(path, body);
    expect(reply.status, JSON.stringify(reply.body)).toBe(200);
    return reply.body;
  };
  const refused = async (path: string, body?: unknown) => {
    const reply = await expunge(path, body);
    expect([reply.status, reply.body.code]).toEqual([409, 'conflict']);
    return reply.body.detail;
  };
  /** In which collections the text is found, whatever holds it. */
  const whereIs = async (text: string) => {
    const { db } = tablehook.services.models.connection;
    const found: string[] = [];
    for (const { name } of (await db?.listCollections().toArray()) ?? []) {
      const docs = await db?.collection(name).find().toArray();
      if (JSON.stringify(docs).includes(text)) found.push(name);
    }
    return found.toSorted();
  };
  const setUp = async (webhook: Record<string, unknown> = {}, ...answers: Answer[]) => {
    const receiver = await endpoint(...answers);
    const { id: tableId } = await tablehook.createTable();
    const { id: webhookId } = await tablehook.createWebhook(tableId, { url: receiver.url, ...webhook });
    return { receiver, tableId, webhookId };
  };
  const selectedBy = async (replay: object) => {
    const reply = await tablehook.call('POST', '/v1/replays', { ...replay, dryRun: true });
    return (reply.body as { selected: number }).selected;
  };

  describe('a delivery', () => {
    it('takes its body and the answers to it, leaves its log line and its change, and is done once', async () => {
      const { tableId, webhookId } = await setUp(
        { retry: { initialMs: 10, jitter: 0 } },
        {
          status: 503,
          body: PLANTED,
        },
        SAYING_IT,
      );
      const { changeId } = await tablehook.createRecord(tableId, { Title: PLANTED });
      const before = await tablehook.deliveryOf(changeId, webhookId);
      expect(before.attempts.map(({ responseBody }) => responseBody)).toEqual([PLANTED, SAYING_IT.body]);
      expect(await expunged(`/v1/deliveries/${before.id}`)).toEqual({
        deliveries: 1,
        changes: 0,
        cancelled: 0,
      });
      const after = await tablehook.getDelivery(before.id);
      expect(after).toEqual({
        ...before,
        expungedAt: expect.stringMatching(/Z$/),
        attempts: before.attempts.map((attempt) => ({
          ...attempt,
          responseHeaders: {},
          responseBody: null,
        })),
      });
      expect(await whereIs(PLANTED)).toEqual(['changes', 'records']);
      expect(await expunged(`/v1/deliveries/${before.id}`)).toEqual({
        deliveries: 0,
        changes: 0,
        cancelled: 0,
      });
      expect(await tablehook.getDelivery(before.id)).toEqual(after);
      await expunged(`/v1/tables/${tableId}`);
      await tablehook.call('DELETE', `/v1/tables/${tableId}`);
    });

    it('leaves nothing to send again: 409 for one, left out by a replay of many', async () => {
      const { tableId, webhookId } = await setUp();
      const records = [await tablehook.createRecord(tableId), await tablehook.createRecord(tableId)];
      const [one, other] = [
        await tablehook.deliveryOf(records[0]?.changeId ?? null, webhookId),
        await tablehook.deliveryOf(records[1]?.changeId ?? null, webhookId),
      ];
      expect(await selectedBy({ webhookId, filter: {} })).toBe(2);
      await expunged(`/v1/deliveries/${one.id}`);
      for (const verb of ['redeliver', 'retry']) {
        const reply = await tablehook.call<Problem>('POST', `/v1/deliveries/${one.id}/${verb}`);
        expect(reply.status).toBe(409);
        expect(reply.body.detail).toContain('expunged');
      }
      expect(await selectedBy({ webhookId, filter: {} })).toBe(1);
      expect((await tablehook.call('POST', `/v1/deliveries/${other.id}/redeliver`)).status).toBe(202);
    });

    it('that is open is 409, and with force cancelled', async () => {
      const { receiver, tableId, webhookId } = await setUp(
        { retry: { initialMs: HOUR_MS } },
        {
          status: 503,
        },
      );
      const { changeId } = await tablehook.createRecord(tableId);
      const { id } = await tablehook.deliveryOf(changeId, webhookId, 'retrying');
      expect(await refused(`/v1/deliveries/${id}`)).toContain('open');
      expect(await tablehook.getDelivery(id)).toMatchObject({ state: 'retrying', expungedAt: null });
      expect(await expunged(`/v1/deliveries/${id}`, { force: true })).toEqual({
        deliveries: 1,
        changes: 0,
        cancelled: 1,
      });
      expect(await tablehook.getDelivery(id)).toMatchObject({
        state: 'cancelled',
        cancelReason: 'expunged',
        nextAttemptAt: null,
      });
      expect(receiver.received).toHaveLength(1);
    });

    it('does not get back what the endpoint says to the attempt that was under way', async () => {
      let answer = () => undefined as void;
      const { receiver, tableId, webhookId } = await setUp({}, (_request, response) => {
        answer = () => void response.writeHead(200, SAYING_IT.headers).end(SAYING_IT.body);
      });
      const { changeId } = await tablehook.createRecord(tableId);
      const { id } = await tablehook.deliveryOf(changeId, webhookId, 'delivering');
      await until(async () => receiver.received.length === 1, { what: 'the call' });
      await expunged(`/v1/deliveries/${id}`, { force: true });
      answer();
      const late = await tablehook.deliveryOf(changeId, webhookId, 'delivered');
      expect(late.expungedAt).not.toBeNull();
      expect(late.attempts).toMatchObject([{ status: 200, responseHeaders: {}, responseBody: null }]);
      expect(await whereIs('thanks for')).toEqual([]);
    });

    it('releases the next version for a webhook that keeps order', async () => {
      const { receiver, tableId, webhookId } = await setUp(
        { delivery: { order: 'record' }, retry: { initialMs: HOUR_MS } },
        { status: 503 },
      );
      const { id: recordId, changeId } = await tablehook.createRecord(tableId);
      const { id } = await tablehook.deliveryOf(changeId, webhookId, 'retrying');
      const edit = await tablehook.updateRecord(tableId, recordId, { Count: 1 });
      await tablehook.deliveryOf(edit.changeId, webhookId, 'waiting');
      await expunged(`/v1/deliveries/${id}`, { force: true });
      await tablehook.deliveryOf(edit.changeId, webhookId, 'delivered');
      expect(receiver.received).toHaveLength(2);
    });
  });

  describe('a record', () => {
    it('that was deleted leaves no trace of its values anywhere, and its log lines', async () => {
      const { tableId, webhookId } = await setUp({}, SAYING_IT, SAYING_IT, SAYING_IT);
      const { id, changeId } = await tablehook.createRecord(tableId, { Title: PLANTED });
      const edit = await tablehook.updateRecord(tableId, id, { Title: `${PLANTED}!`, Count: 1 });
      const path = `/v1/tables/${tableId}/records/${id}`;
      await tablehook.call('DELETE', `${path}?operatorId=ana`);
      const changes = await until(
        async () => {
          const { body } = await tablehook.call<Page<Delivery>>('GET', `/v1/deliveries?recordId=${id}`);
          return body.data.length === 3 && body.data.every(({ settledAt }) => settledAt) && body.data;
        },
        { what: 'three settled deliveries' },
      );
      const before = await tablehook.getChange(edit.changeId ?? '');
      expect(await whereIs(PLANTED)).toEqual(['changes', 'deliveries']);
      expect(await expunged(path)).toEqual({ deliveries: 3, changes: 3, cancelled: 0 });
      expect(await whereIs(PLANTED)).toEqual([]);
      const after = await tablehook.getChange(edit.changeId ?? '');
      const expungedAt = expect.stringMatching(/Z$/) as string;
      expect(after).toEqual({
        ...before,
        expungedAt,
        previous: null,
        record: null,
        changes: before.changes.map((change) => ({ ...change, from: null, to: null })),
        deliveries: before.deliveries.map((delivery) => ({ ...delivery, expungedAt })),
      });
      expect(after.changes.map(({ fieldName }) => fieldName)).toEqual(['Title', 'Count']);
      const deletion = changes.find(({ eventType }) => eventType === 'record.deleted');
      expect(await tablehook.getChange(deletion?.changeId ?? '')).toMatchObject({ operatorId: 'ana' });
      expect(await expunged(path)).toEqual({ deliveries: 0, changes: 0, cancelled: 0 });
      expect(await tablehook.deliveryOf(changeId, webhookId)).toMatchObject({ state: 'delivered' });
    });

    it('that is there keeps its values, is left out by backfills, and goes on as ever', async () => {
      const { receiver, tableId, webhookId } = await setUp();
      const { id, changeId } = await tablehook.createRecord(tableId, { Title: 'now' });
      await tablehook.deliveryOf(changeId, webhookId);
      const path = `/v1/tables/${tableId}/records/${id}`;
      const { id: newcomer } = await tablehook.createWebhook(tableId, { url: (await endpoint()).url });
      const backfills = [
        { webhookId: newcomer, backfill: { records: true } },
        { webhookId: newcomer, backfill: { changesSince: '2020-01-01T00:00:00Z' } },
      ];
      for (const backfill of backfills) expect(await selectedBy(backfill)).toBe(1);
      await expunged(path);
      for (const backfill of backfills) expect(await selectedBy(backfill)).toBe(0);
      expect((await tablehook.call<TableRecord>('GET', path)).body).toMatchObject({
        version: 1,
        values: { Title: 'now' },
      });
      const edit = await tablehook.updateRecord(tableId, id, { Title: 'later' });
      await tablehook.deliveryOf(edit.changeId, webhookId);
      expect(receiver.received.at(-1)?.event.items[0]).toMatchObject({
        recordVersion: 2,
        previous: { Title: 'now' },
        record: { Title: 'later' },
      });
      expect(await tablehook.getChange(edit.changeId ?? '')).toMatchObject({
        previous: { Title: 'now' },
        expungedAt: null,
      });
    });

    it('of which something is open is 409, says how much, and changes nothing; with force that is cancelled', async () => {
      const { tableId, webhookId } = await setUp({ retry: { initialMs: HOUR_MS } }, SAYING_IT, {
        status: 503,
      });
      const { id, changeId } = await tablehook.createRecord(tableId, { Title: PLANTED });
      const neighbour = await tablehook.deliveryOf(changeId, webhookId);
      const edit = await tablehook.updateRecord(tableId, id, { Title: 'x' });
      const { id: open } = await tablehook.deliveryOf(edit.changeId, webhookId, 'retrying');
      const path = `/v1/tables/${tableId}/records/${id}`;
      expect(await refused(path)).toContain('Open deliveries: 1; changes not planned yet: 0');
      expect(await tablehook.getChange(changeId ?? '')).toMatchObject({ expungedAt: null });
      expect(await expunged(path, { force: true })).toEqual({ deliveries: 2, changes: 2, cancelled: 1 });
      expect(await tablehook.getDelivery(open)).toMatchObject({
        state: 'cancelled',
        cancelReason: 'expunged',
      });
      expect(await tablehook.getDelivery(neighbour.id)).toMatchObject({
        state: 'delivered',
        cancelReason: null,
      });
    });

    it('does not touch other records, nor one of the same id in another table', async () => {
      const report = { changeKey: 'k', type: 'record.created', recordId: 'inv/1 ü', record: { Title: 'x' } };
      const [one, other] = [await setUp(), await setUp()];
      for (const { tableId, webhookId } of [one, other]) {
        const { body } = await tablehook.call<{ results: { changeId: string }[] }>(
          'POST',
          `/v1/tables/${tableId}/changes`,
          { changes: [report, { ...report, changeKey: 'l', recordId: 'inv/2' }] },
        );
        for (const { changeId } of body.results) await tablehook.deliveryOf(changeId, webhookId);
      }
      const path = `/v1/tables/${one.tableId}/records/${encodeURIComponent(report.recordId)}`;
      expect(await expunged(path)).toEqual({ deliveries: 1, changes: 1, cancelled: 0 });
      const { changes } = tablehook.services.models;
      const tableIds = { $in: [one.tableId, other.tableId] };
      expect(await changes.countDocuments({ tableId: tableIds, expungedAt: null })).toBe(3);
      expect(await changes.findOne({ expungedAt: { $ne: null }, tableId: tableIds }).lean()).toMatchObject({
        tableId: one.tableId,
        recordId: report.recordId,
        changeKey: 'k',
      });
    });

    it('whose edits wait to be merged is told anew from its next edit on, with nothing from before', async () => {
      const coalesce = { waitMs: 60_000, maxWaitMs: 60_000 };
      const { receiver, tableId, webhookId } = await setUp({ delivery: { coalesce } });
      const { id, changeId } = await tablehook.createRecord(tableId, { Title: PLANTED });
      const waiting = await tablehook.deliveryOf(changeId, webhookId, 'waiting');
      const edit = await tablehook.updateRecord(tableId, id, { Title: 'plain' });
      await tablehook.deliveryOf(edit.changeId, webhookId, 'waiting');
      const path = `/v1/tables/${tableId}/records/${id}`;
      await refused(path);
      expect(await expunged(path, { force: true })).toEqual({ deliveries: 1, changes: 2, cancelled: 1 });
      expect(await whereIs(PLANTED)).toEqual([]);
      const next = await tablehook.updateRecord(tableId, id, { Title: 'next' });
      const begun = await tablehook.deliveryOf(next.changeId, webhookId, 'waiting');
      expect(begun.id).not.toBe(waiting.id);
      await tablehook.call('POST', `/v1/deliveries/${begun.id}/retry`);
      await tablehook.deliveryOf(next.changeId, webhookId, 'delivered');
      expect(receiver.received.map(({ event }) => event.items[0])).toMatchObject([
        { recordVersion: 3, previous: { Title: 'plain' }, record: { Title: 'next' } },
      ]);
    });

    it('is refused to a backfill that has read it already', async () => {
      const { tableId, webhookId } = await setUp();
      const { id, changeId } = await tablehook.createRecord(tableId);
      await tablehook.deliveryOf(changeId, webhookId);
      const { id: newcomer } = await tablehook.createWebhook(tableId, { url: (await endpoint()).url });
      const { batch } = await openBackfill(tablehook, newcomer);
      await expunged(`/v1/tables/${tableId}/records/${id}`);
      const { models } = tablehook.services;
      await expect(runTransaction(models, batch.putInLine)).rejects.toThrow('expunged');
      expect(await models.deliveries.countDocuments({ webhookId: newcomer })).toBe(0);
    });
  });

  describe('a table', () => {
    const BIG = 250;

    it('takes the history of all its records, batch by batch, and of no other table', async () => {
      const neighbour = await setUp();
      const kept = await tablehook.createRecord(neighbour.tableId, { Title: 'kept' });
      await tablehook.deliveryOf(kept.changeId, neighbour.webhookId);
      const { tableId, webhookId } = await setUp();
      const operations = Array.from({ length: BIG }, () => ({ op: 'create', values: { Title: 'bulk' } }));
      await tablehook.call<BatchResult>('POST', `/v1/tables/${tableId}/records/batch`, { operations });
      const { deliveries } = tablehook.services.models;
      await until(async () => (await deliveries.countDocuments({ webhookId, open: false })) === BIG, {
        what: 'all settled',
      });
      const path = `/v1/tables/${tableId}`;
      expect(await expunged(path)).toEqual({ deliveries: BIG, changes: BIG, cancelled: 0 });
      expect(await deliveries.countDocuments({ webhookId, body: { $ne: '' } })).toBe(0);
      const { changes } = tablehook.services.models;
      expect(await changes.countDocuments({ tableId, record: { $ne: null } })).toBe(0);
      expect(await expunged(path)).toEqual({ deliveries: 0, changes: 0, cancelled: 0 });
      const { record, expungedAt } = await tablehook.getChange(kept.changeId ?? '');
      expect({ record, expungedAt }).toEqual({ record: { Title: 'kept' }, expungedAt: null });
    });

    it('that was deleted can still be expunged, with what its deletion left', async () => {
      const { tableId, webhookId } = await setUp({}, SAYING_IT);
      const { id, changeId } = await tablehook.createRecord(tableId, { Title: PLANTED });
      await tablehook.deliveryOf(changeId, webhookId);
      const { records } = tablehook.services.models;
      const record = await records.findOne({ _id: id }).lean();
      await tablehook.call('DELETE', `/v1/tables/${tableId}`);
      if (record) await records.insertMany([record], { lean: true });
      const { key } = await tablehook.createKey({
        name: 'of another table',
        scopes: ['records:write', 'deliveries:write'],
        tables: [(await tablehook.createTable()).id],
      });
      const path = `/v1/tables/${tableId}/expunge`;
      expect((await tablehook.as(key).call('POST', path)).status).toBe(403);
      expect(await expunged(`/v1/tables/${tableId}`)).toEqual({ deliveries: 1, changes: 1, cancelled: 0 });
      expect(await whereIs(PLANTED)).toEqual([]);
    });

    it("of Tablehook's own is 409", async () => {
      expect(await refused('/v1/tables/tbl_00000000000000000000events')).toContain("Tablehook's own");
    });
  });
});
