import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BatchResult } from '../../../src/contracts/record.ts';
import { DAY_SECONDS } from '../../../src/domain/retention.ts';
import { expireChanges } from '../../../src/services/changes/expire.ts';
import { EVENTS_TABLE_ID } from '../../../src/services/events/system-table.ts';
import { newId } from '../../../src/services/id.ts';
import { runTransaction } from '../../../src/services/transaction.ts';
import type { Expired } from '../../../src/temporal/expirer.ts';
import { startExpirer } from '../../../src/temporal/expirer.ts';
import { openBackfill } from '../../support/open-backfill.ts';
import type { Receiver } from '../../support/receiver.ts';
import { startReceiver } from '../../support/receiver.ts';
import type { Tablehook } from '../../support/tablehook.ts';
import { startTablehook } from '../../support/tablehook.ts';
import { until } from '../../support/until.ts';

const RETENTION = { days: 30, failedDays: 90 };

describe('expiring changes', () => {
  let tablehook: Tablehook;
  let receiver: Receiver;
  let deletions = 0;
  beforeAll(async () => {
    // Replays that a test leaves open must not be taken up.
    tablehook = await startTablehook({
      reconcileEveryMs: 3_600_000,
      onCommand: ({ commandName, command }) => {
        if (commandName === 'delete' && command['delete'] === 'changes') deletions += 1;
      },
    });
    receiver = await startReceiver();
  });
  afterAll(async () => {
    await tablehook.stop();
    await receiver.close();
  });

  /** As if so many days had passed, in rounds so small that records lie across them. */
  const pass = async (days: number) => {
    const { models } = tablehook.services;
    const clock = () => new Date(Date.now() + days * DAY_SECONDS * 1_000);
    const total = { changes: 0, records: 0 };
    let after: string | null = null;
    do {
      const round = await expireChanges({ models, clock }, { retention: RETENTION, after, limit: 2 });
      total.changes += round.changes;
      total.records += round.records;
      after = round.next;
    } while (after !== null);
    return total;
  };
  const versionsOf = async (tableId: string) => {
    const docs = await tablehook.services.models.changes.find({ tableId }).sort({ _id: 1 }).lean();
    return docs.map(({ recordVersion }) => recordVersion);
  };
  const edited = async (tableId: string) => {
    const { id } = await tablehook.createRecord(tableId, { Count: 0 });
    for (const Count of [1, 2]) await tablehook.updateRecord(tableId, id, { Count });
    return id;
  };
  const remove = (path: string) => tablehook.call('DELETE', path);
  /** What MongoDB does by itself. */
  const expireDeliveries = async (tableId: string) =>
    tablehook.services.models.deliveries.deleteMany({ tableId, open: false });

  it('takes what a record was before, once it is old enough, and keeps how it came to be as it is', async () => {
    const { id: tableId } = await tablehook.createTable();
    const recordId = await edited(tableId);
    expect(await pass(29)).toEqual({ changes: 0, records: 0 });
    expect(await versionsOf(tableId)).toEqual([1, 2, 3]);
    expect(await pass(31)).toEqual({ changes: 2, records: 0 });
    expect(await versionsOf(tableId)).toEqual([3]);
    expect(await pass(31)).toEqual({ changes: 0, records: 0 });
    const { id: webhookId } = await tablehook.createWebhook(tableId, { url: receiver.url });
    const backfill = { webhookId, backfill: { records: true }, dryRun: true };
    expect((await tablehook.call('POST', '/v1/replays', backfill)).body).toEqual({ selected: 1 });
    expect((await tablehook.updateRecord(tableId, recordId, { Count: 3 })).version).toBe(4);
  });

  it('keeps a change while a delivery of it is left, also one it was merged into', async () => {
    const { id: tableId } = await tablehook.createTable();
    const coalesce = { waitMs: 60_000, maxWaitMs: 60_000 };
    const webhook = await tablehook.createWebhook(tableId, { url: receiver.url, delivery: { coalesce } });
    const { id: recordId, changeId } = await tablehook.createRecord(tableId, { Count: 0 });
    const { id: deliveryId } = await tablehook.deliveryOf(changeId, webhook.id, 'waiting');
    for (const Count of [1, 2]) {
      const edit = await tablehook.updateRecord(tableId, recordId, { Count });
      await tablehook.deliveryOf(edit.changeId, webhook.id, 'waiting');
    }
    await pass(400);
    expect(await versionsOf(tableId)).toEqual([1, 2, 3]);
    await tablehook.call('POST', `/v1/deliveries/${deliveryId}/cancel`);
    await pass(400);
    expect(await versionsOf(tableId)).toEqual([1, 2, 3]);
    await expireDeliveries(tableId);
    await pass(400);
    expect(await versionsOf(tableId)).toEqual([3]);
  });

  it('keeps a change that is not planned yet', async () => {
    const { id: tableId } = await tablehook.createTable();
    await edited(tableId);
    const { changes } = tablehook.services.models;
    // In the hands of another process, for long.
    const claimedUntil = new Date(Date.now() + DAY_SECONDS * 1_000);
    await changes.updateOne({ tableId, recordVersion: 2 }, { $set: { state: 'pending', claimedUntil } });
    await pass(400);
    expect(await versionsOf(tableId)).toEqual([2, 3]);
    await changes.updateOne({ tableId, recordVersion: 2 }, { $set: { state: 'planned' } });
    await pass(400);
    expect(await versionsOf(tableId)).toEqual([3]);
  });

  it('takes a deleted record with its tombstone, once nothing of it is owed or logged any more', async () => {
    const { id: tableId } = await tablehook.createTable();
    const webhook = await tablehook.createWebhook(tableId, {
      url: receiver.url,
      events: ['record.created'],
    });
    const { id: recordId, changeId } = await tablehook.createRecord(tableId);
    await tablehook.deliveryOf(changeId, webhook.id);
    await remove(`/v1/tables/${tableId}/records/${recordId}?fire=false`);
    expect(await pass(31)).toEqual({ changes: 0, records: 0 });
    await expireDeliveries(tableId);
    expect(await pass(31)).toEqual({ changes: 2, records: 1 });
    expect(await tablehook.services.models.records.countDocuments({ tableId })).toBe(0);
  });

  it('keeps the latest change of a reported record, unless that is its deletion', async () => {
    const { id: tableId } = await tablehook.createTable();
    const report = (recordId: string, types: string[]) =>
      tablehook.call('POST', `/v1/tables/${tableId}/changes`, {
        changes: types.map((type, index) => ({
          changeKey: `${recordId} ${index}`,
          type,
          recordId,
          ...(type !== 'record.deleted' && { record: { Count: index } }),
          ...(type !== 'record.created' && { previous: {} }),
        })),
      });
    await report('stays', ['record.created', 'record.updated']);
    await report('goes', ['record.created', 'record.deleted']);
    expect(await pass(31)).toEqual({ changes: 3, records: 0 });
    const left = await tablehook.services.models.changes.find({ tableId }).lean();
    expect(left).toMatchObject([{ recordId: 'stays', recordVersion: 2 }]);
  });

  it('takes everything of a table that was deleted, also what its deletion left', async () => {
    const { id: tableId } = await tablehook.createTable();
    const recordId = await edited(tableId);
    const { records } = tablehook.services.models;
    const record = await records.findOne({ _id: recordId }).lean();
    await remove(`/v1/tables/${tableId}`);
    // As after a crash between the table and its records.
    if (record) await records.insertMany([record], { lean: true });
    expect(await pass(31)).toEqual({ changes: 3, records: 1 });
    expect(await records.exists({ _id: recordId })).toBeNull();
  });

  it('takes operational events as late as what failed, and not while one is owed to somebody', async () => {
    const { services, worker } = tablehook;
    const at = new Date();
    const event = {
      type: 'webhook.failing',
      tableId: newId('tbl'),
      webhookName: 'CRM',
      reason: 'x',
    } as const;
    const keys = ['told', 'owed'];
    await worker.events.tell(
      keys.map((eventKey) => ({
        ...event,
        eventKey,
        webhookId: newId('whk'),
        deliveryId: null,
        at,
        hops: 0,
      })),
    );
    const owed = await services.models.changes.findOne({ changeKey: 'owed' }).lean();
    await services.models.deliveries.collection.insertOne({
      _id: newId('dlv') as never,
      changeId: owed?._id,
      webhookId: newId('whk'),
      open: true,
    });
    expect(await pass(89)).toEqual({ changes: 0, records: 0 });
    expect(await pass(91)).toEqual({ changes: 1, records: 1 });
    const left = await services.models.changes.find({ tableId: EVENTS_TABLE_ID }).lean();
    expect(left.map(({ changeKey }) => changeKey)).toEqual(['owed']);
    await services.models.deliveries.collection.deleteMany({ changeId: owed?._id });
    await pass(91);
    expect(await services.models.records.countDocuments({ tableId: EVENTS_TABLE_ID })).toBe(0);
  });

  it('may be done by several workers at once', async () => {
    const { id: tableId } = await tablehook.createTable();
    for (let count = 0; count < 5; count += 1) await edited(tableId);
    const passes = await Promise.all([pass(31), pass(31), pass(31)]);
    expect(passes.reduce((sum, { changes }) => sum + changes, 0)).toBe(10);
    expect(await versionsOf(tableId)).toEqual([3, 3, 3, 3, 3]);
  });

  it('goes on by itself in a worker, over as many as there are, also after a pass that failed', async () => {
    const { id: tableId } = await tablehook.createTable();
    const path = `/v1/tables/${tableId}/records/batch`;
    const creates = Array.from({ length: 250 }, () => ({ op: 'create', values: { Count: 0 } }));
    const { body } = await tablehook.call<BatchResult>('POST', path, { operations: creates });
    const updates = body.results.map(({ record }) => ({
      op: 'update',
      recordId: record?.id,
      values: { Count: 1 },
    }));
    await tablehook.call('POST', path, { operations: updates });
    const errors: unknown[] = [];
    const expired: Expired[] = [];
    const { models } = tablehook.services;
    const clock = () => {
      if (errors.length === 0) throw new Error('the clock stands still');
      return new Date(Date.now() + 31 * DAY_SECONDS * 1_000);
    };
    const expirer = startExpirer({
      context: { models, clock },
      retention: RETENTION,
      firstAfterMs: 0,
      everyMs: 10,
      onExpired: (round) => void expired.push(round),
      onError: (error) => void errors.push(error),
    });
    await until(async () => expired.length > 0, { what: 'a pass that takes something' });
    await expirer.stop();
    expect(errors).toEqual([new Error('the clock stands still')]);
    expect(expired[0]?.changes).toBe(250);
    expect(await versionsOf(tableId)).toEqual(Array.from({ length: 250 }, () => 2));
  });

  describe('with a backfill under way', () => {
    const running = async () => {
      const { id: tableId } = await tablehook.createTable();
      await edited(tableId);
      const { id: webhookId } = await tablehook.createWebhook(tableId, { url: receiver.url, enabled: false });
      return { tableId, ...(await openBackfill(tablehook, webhookId)) };
    };

    it('leaves its table alone until it has ended', async () => {
      const { tableId, replay } = await running();
      const { replays } = tablehook.services.models;
      await replays.insertMany([replay], { lean: true });
      await pass(400);
      expect(await versionsOf(tableId)).toEqual([1, 2, 3]);
      await replays.updateOne({ _id: replay._id }, { $set: { state: 'completed' } });
      await pass(400);
      expect(await versionsOf(tableId)).toEqual([3]);
    });

    it('lets nothing be put in line of which the change has expired since it was read', async () => {
      const { tableId, batch } = await running();
      await pass(400);
      const { models } = tablehook.services;
      await expect(runTransaction(models, batch.putInLine)).rejects.toThrow('expired');
      expect(await models.deliveries.countDocuments({ tableId })).toBe(0);
    });

    it('takes nothing that is put in line at the same moment', async () => {
      const { tableId, batch } = await running();
      const { models } = tablehook.services;
      let passed: ReturnType<typeof pass> | undefined;
      await runTransaction(models, async (session) => {
        await batch.putInLine(session);
        const before = deletions;
        passed ??= pass(400);
        await until(async () => deletions > before, { what: 'the deletion of what is put in line' });
      });
      await passed;
      expect(await versionsOf(tableId)).toEqual([1, 2, 3]);
      expect(await models.deliveries.countDocuments({ tableId })).toBe(3);
    });
  });
});
