import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { EventBody } from '../../../src/contracts/event-body.ts';
import type { CreatedWebhook } from '../../../src/contracts/webhook.ts';
import { ofChanges } from '../../../src/models/delivery.ts';
import { claimWaiting } from '../../../src/services/deliveries/claim-waiting.ts';
import { planChanges, readToPlan } from '../../../src/services/deliveries/plan.ts';
import type { Tablehook } from '../../support/tablehook.ts';
import { startTablehook } from '../../support/tablehook.ts';

const EDITS = 12;

describe('plans for a webhook that merges edits', () => {
  let tablehook: Tablehook;
  let webhook: CreatedWebhook;
  let recordId: string;
  let changeIds: string[];

  // Without a worker nobody but the test plans.
  beforeAll(async () => {
    tablehook = await startTablehook();
    await tablehook.worker.stop();
  });
  afterAll(async () => tablehook.stop());
  beforeEach(async () => {
    const { id: tableId } = await tablehook.createTable();
    recordId = (await tablehook.createRecord(tableId, { Count: 0 })).id;
    webhook = await tablehook.createWebhook(tableId, {
      url: 'http://127.0.0.1:9/hook',
      delivery: { coalesce: { waitMs: 60_000, maxWaitMs: 60_000 } },
    });
    changeIds = [];
    for (let count = 1; count <= EDITS; count += 1) {
      const { changeId } = await tablehook.updateRecord(tableId, recordId, { Count: count });
      changeIds.push(changeId ?? '');
    }
  });

  const plan = async (...ids: string[]) =>
    planChanges(tablehook.services, await readToPlan(tablehook.services, ids, () => undefined), {
      workflowId: ids[0] ?? '',
      takes: () => false,
      takeTurn: () => true,
    });
  const stored = async () =>
    tablehook.services.models.deliveries.find({ webhookId: webhook.id }).sort({ _id: 1 }).lean();
  const expectAllInOne = async () => {
    const docs = await stored();
    expect(docs).toHaveLength(1);
    const [doc] = docs;
    const told = doc ? [doc.changeId, ...doc.mergedChangeIds] : [];
    expect(told.toSorted()).toEqual(changeIds.toSorted());
    expect(doc).toMatchObject({
      recordVersion: EDITS + 1,
      merged: {
        first: { changeId: changeIds[0] },
        last: { changeId: changeIds.at(-1) },
        count: EDITS - 1,
        undone: false,
      },
    });
    const { items } = JSON.parse(doc?.body ?? '') as EventBody;
    expect(items[0]).toMatchObject({ previous: { Count: 0 }, record: { Count: EDITS } });
  };

  it('begin one delivery, whoever of many at the same time comes first', async () => {
    const planned = await Promise.all(changeIds.map(async (id) => plan(id)));
    await expectAllInOne();
    const [doc] = await stored();
    for (const { change, deliveries, merged } of planned.flat()) {
      const isFirst = change._id === doc?.changeId;
      expect(deliveries.map(({ _id }) => _id)).toEqual(isFirst ? [doc?._id] : []);
      expect(merged).toEqual(isFirst ? [] : [{ webhookName: 'CRM', deliveryId: doc?._id }]);
    }
  });

  it('come to the same in whatever order they come, and all at once', async () => {
    for (const id of changeIds.toReversed()) await plan(id);
    await expectAllInOne();
    await tablehook.services.models.deliveries.deleteMany({ webhookId: webhook.id });
    await tablehook.services.models.changes.updateMany({ recordId }, { $set: { state: 'pending' } });
    await plan(...changeIds);
    await expectAllInOne();
  });

  it('answer the same again, and merge nothing twice', async () => {
    const [first = '', second = ''] = changeIds;
    const planned = await plan(first, second);
    const again = await plan(first, second);
    const outline = (plans: typeof planned) =>
      plans.map(({ change, deliveries, merged }) => [change._id, deliveries.map(({ _id }) => _id), merged]);
    expect(outline(again)).toEqual(outline(planned));
    expect((await stored())[0]?.mergedChangeIds).toEqual([second]);
  });

  it('merge nothing into what was sent meanwhile, and lose nothing', async () => {
    const [first = '', ...others] = changeIds;
    await plan(first);
    await tablehook.services.models.deliveries.updateOne(
      { webhookId: webhook.id },
      { $set: { nextAttemptAt: new Date() } },
    );
    const doc = await tablehook.services.models.webhooks.findOne({ _id: webhook.id }).lean();
    const [delivery] = await stored();
    if (!doc || !delivery) throw new Error('nothing to claim');
    const [claimed] = await Promise.all([
      claimWaiting(tablehook.services, doc, [delivery._id]),
      ...others.map(async (id) => plan(id)),
    ]);
    const [sent, ...rest] = await stored();
    expect(claimed[0]?.delivery.body).toBe(sent?.body);
    const told = [sent, ...rest].flatMap((one) => (one ? [one.changeId, ...one.mergedChangeIds] : []));
    expect(told.toSorted()).toEqual(changeIds.toSorted());
    expect(rest.length).toBeGreaterThan(0);
  });

  describe('of a record that came and went', () => {
    /** The changes of its three versions, none planned. */
    const comeAndGo = async (): Promise<[string, string, string]> => {
      const { tableId } = webhook;
      const created = await tablehook.createRecord(tableId, { Count: 1 });
      const updated = await tablehook.updateRecord(tableId, created.id, { Count: 2 });
      const { headers } = await tablehook.call('DELETE', `/v1/tables/${tableId}/records/${created.id}`);
      return [created.changeId ?? '', updated.changeId ?? '', headers.get('tablehook-change-id') ?? ''];
    };
    const toldOf = async (changeId: string) =>
      (await stored()).find((doc) => doc.changeId === changeId || doc.mergedChangeIds.includes(changeId));
    const expectDeletionTold = async (changeId: string) => {
      const doc = await toldOf(changeId);
      expect(doc).toMatchObject({ eventType: 'record.deleted', merged: { undone: false } });
      const { type, items } = JSON.parse(doc?.body ?? '') as EventBody;
      expect({ type, item: items[0] }).toMatchObject({
        type: 'record.deleted',
        item: { previous: { Count: 2 }, record: null },
      });
    };

    it('come to nothing, whatever the order', async () => {
      const [created, updated, deleted] = await comeAndGo();
      for (const id of [deleted, created, updated]) await plan(id);
      expect(await toldOf(deleted)).toMatchObject({ merged: { undone: true } });
    });

    it('tell the deletion while a version between is not planned, and nothing once it is', async () => {
      const [created, updated, deleted] = await comeAndGo();
      await plan(created);
      await plan(deleted);
      await expectDeletionTold(deleted);
      await plan(updated);
      expect(await toldOf(deleted)).toMatchObject({ merged: { undone: true } });
    });

    it('tell the deletion when a version between went out by itself', async () => {
      const [created, updated, deleted] = await comeAndGo();
      await plan(updated);
      await tablehook.services.models.deliveries.updateOne(
        { changeId: updated },
        { $set: { state: 'delivered', open: false, waitReason: null, settledAt: new Date() } },
      );
      await plan(created, deleted);
      await expectDeletionTold(deleted);
    });

    it('come to nothing though the webhook did not ask for a version between', async () => {
      await tablehook.call('PATCH', `/v1/webhooks/${webhook.id}`, {
        events: ['record.created', 'record.deleted'],
      });
      const [created, updated, deleted] = await comeAndGo();
      for (const id of [updated, created, deleted]) await plan(id);
      expect(await toldOf(deleted)).toMatchObject({ merged: { undone: true } });
    });
  });

  it('are found by the changes they merged, by way of an index', async () => {
    const { executionStats } = await tablehook.services.models.deliveries
      .find(ofChanges([changeIds[1] ?? '']))
      .explain('executionStats')
      .then((explained) => explained as unknown as { executionStats: object });
    const text = JSON.stringify(executionStats);
    expect(text).toContain('mergedChangeIds_1');
    expect(text).not.toContain('COLLSCAN');
  });
});
