import type { ServerResponse } from 'node:http';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Problem } from '../../src/contracts/problem.ts';
import type { Page } from '../../src/contracts/page.ts';
import type { TableRecord } from '../../src/contracts/record.ts';
import { each } from '../../src/models/each.ts';
import { planChanges } from '../../src/services/deliveries/plan.ts';
import type { Receiver } from '../support/receiver.ts';
import { startReceiver } from '../support/receiver.ts';
import type { Tablehook } from '../support/tablehook.ts';
import { startTablehook } from '../support/tablehook.ts';
import { until } from '../support/until.ts';

/** Nearly as large as a record may be. */
const LARGE = 'x'.repeat(250_000);

describe('records that are as large as they may be', () => {
  let tablehook: Tablehook;
  let receiver: Receiver;
  beforeAll(async () => {
    tablehook = await startTablehook();
    receiver = await startReceiver();
  });
  afterAll(async () => {
    await receiver.close();
    await tablehook.stop();
  });

  const createMany = async (tableId: string, count: number) => {
    const operations = Array.from({ length: count }, () => ({ op: 'create', values: { Title: LARGE } }));
    const reply = await tablehook.call('POST', `/v1/tables/${tableId}/records/batch`, { operations });
    expect(reply.status).toBe(200);
  };
  const readAll = async (tableId: string) => {
    const records: TableRecord[] = [];
    const pages: number[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const more: string = cursor === '' ? '' : `&cursor=${cursor}`;
      const path = `/v1/tables/${tableId}/records?limit=200${more}`;
      const { body } = await tablehook.call<Page<TableRecord>>('GET', path);
      records.push(...body.data);
      pages.push(body.data.length);
      cursor = body.nextCursor;
    }
    return { records, pages };
  };

  it('come in pages that end before their limit, none left out', async () => {
    const { id: tableId } = await tablehook.createTable();
    await createMany(tableId, 70);
    const { records, pages } = await readAll(tableId);
    expect(new Set(records.map(({ id }) => id)).size).toBe(70);
    expect(pages).toEqual([34, 34, 2]);
  });

  it('leave no cursor open, on pages that end before their limit and where a reader fails', async () => {
    const { id: tableId } = await tablehook.createTable();
    await createMany(tableId, 70);
    const { models } = tablehook.services;
    // Of these records alone: other tests use the same server.
    const namespace = `${models.connection.name}.records`;
    const openCursors = async () => {
      const idle = [{ $currentOp: { idleCursors: true } }, { $match: { type: 'idleCursor', ns: namespace } }];
      const found = await models.connection
        .getClient()
        .db('admin')
        .aggregate(idle, { readConcern: { level: 'local' } })
        .toArray();
      return found.length;
    };
    const pages = Array.from({ length: 5 }, () => readAll(tableId));
    expect((await Promise.all(pages)).map(({ records }) => records.length)).toEqual([70, 70, 70, 70, 70]);
    const failed = async () => {
      for await (const { _id } of each(models.records.find({ tableId }).lean())) throw new Error(_id);
    };
    await expect(failed()).rejects.toThrow(/^rec_/);
    expect(await openCursors()).toBe(0);
  });

  it('are refused as a batch that changes more of them than one transaction can, and nothing is written', async () => {
    const { id: tableId } = await tablehook.createTable();
    await createMany(tableId, 60);
    await createMany(tableId, 60);
    const { records } = await readAll(tableId);
    const update = async (chosen: TableRecord[]) => {
      const operations = chosen.map(({ id: recordId }) => ({ op: 'update', recordId, values: { Count: 1 } }));
      return tablehook.call<Problem>('POST', `/v1/tables/${tableId}/records/batch`, { operations });
    };
    const refused = await update(records);
    expect([refused.status, refused.body.code]).toEqual([413, 'too_large']);
    expect(refused.body.detail).toMatch(
      /^The records that this batch changes hold 28\.6 MiB, and may hold 24\.0\./,
    );
    expect((await readAll(tableId)).records.every(({ version }) => version === 1)).toBe(true);
    expect((await update(records.slice(0, 40))).status).toBe(200);

    const { id: elsewhere } = await tablehook.createTable();
    const operations = records.map(({ id: recordId }) => ({ op: 'delete', recordId }));
    const foreign = await tablehook.call<Problem>('POST', `/v1/tables/${elsewhere}/records/batch`, {
      operations,
    });
    expect([foreign.status, foreign.body.code]).toEqual([404, 'not_found']);
  });

  it('are planned in parts where many webhooks hear of them, and reach each of them once', async () => {
    const { id: tableId } = await tablehook.createTable();
    for (let number = 0; number < 50; number += 1)
      await tablehook.createWebhook(tableId, { name: `CRM ${number}`, url: `${receiver.url}/${number}` });
    const { changeId } = await tablehook.createRecord(tableId, { Title: LARGE });
    const paths = () =>
      receiver.received.flatMap(({ path, body }) => (body.includes(changeId ?? '') ? [path] : []));
    await until(async () => paths().length >= 50, { what: '50 deliveries' });
    const { models } = tablehook.services;
    const change = await models.changes.findOne({ _id: changeId ?? '' }).lean();
    expect(change).toMatchObject({ state: 'planned', plannedUpTo: expect.any(String) });
    expect(await models.deliveries.countDocuments({ changeId: changeId ?? '' })).toBe(50);
    expect(new Set(paths()).size).toBe(50);
    expect(paths()).toHaveLength(50);
  });

  it('go to their endpoints no more at a time than there is memory for, and all arrive', async () => {
    const { id: tableId } = await tablehook.createTable();
    const register = async () => tablehook.createWebhook(tableId, { url: receiver.url });
    const webhooks = await Promise.all(Array.from({ length: 10 }, register));
    const switchAll = async (verb: 'pause' | 'resume') => {
      for (const { id } of webhooks) await tablehook.call('POST', `/v1/webhooks/${id}/${verb}`);
    };
    await switchAll('pause');
    await createMany(tableId, 32);
    const { models } = tablehook.services;
    await until(async () => (await models.deliveries.countDocuments({ tableId })) === 320, { what: 'plans' });
    // 500 KB each: 128 MiB are 268 of them, and every endpoint may have one.
    const held: ServerResponse[] = [];
    receiver.answerAlways((_request, response) => void held.push(response));
    receiver.received.length = 0;
    await switchAll('resume');
    let before = -1;
    const noMoreCome = async () => {
      if (held.length > 200 && held.length === before) return true;
      before = held.length;
      await new Promise((resolve) => setTimeout(resolve, 3_000));
      return false;
    };
    await until(noMoreCome, { what: 'calls under way, and no more' });
    expect(held.length).toBeLessThanOrEqual(268 + webhooks.length);
    receiver.answerAlways({ status: 200 });
    for (const response of held) response.end('ok');
    const arrived = () => new Set(receiver.received.map(({ headers }) => headers['webhook-id'])).size;
    await until(async () => arrived() === 320, { what: 'all' });
    await until(
      async () => (await models.deliveries.countDocuments({ tableId, state: 'delivered' })) === 320,
    );
  }, 120_000);

  /** A change that 80 webhooks are owed. Without a worker nobody but the test plans it. */
  const writeUnplanned = async () => {
    const { id: tableId } = await tablehook.createTable();
    const url = receiver.url;
    for (let number = 0; number < 80; number += 1) await tablehook.createWebhook(tableId, { url });
    await tablehook.worker.stop();
    const { changeId } = await tablehook.createRecord(tableId, { Title: LARGE });
    return tablehook.services.models.changes.find({ _id: changeId ?? '' }).lean();
  };

  it('are planned only as far as somebody waits for it, and to the end by the next', async () => {
    const { services } = tablehook;
    const { deliveries } = services.models;
    const written = await writeUnplanned();
    const changeId = written[0]?._id ?? '';
    const giveUp = new AbortController();
    const takeTurn = () => {
      giveUp.abort(new Error('nobody waits'));
      return true;
    };
    const options = { workflowId: changeId, takes: () => false, takeTurn };
    const planned = planChanges(services, written, { ...options, signal: giveUp.signal });
    await expect(planned).rejects.toThrow('nobody waits');
    const stored = await deliveries.countDocuments({ changeId });
    expect(stored).toBeGreaterThan(0);
    expect(stored).toBeLessThan(80);
    const [whole] = await planChanges(services, written, options);
    expect(whole?.deliveries).toHaveLength(80);
  });

  it('are planned to the end by the next process, where one died in between', async () => {
    const { services } = tablehook;
    const { changes, deliveries } = services.models;
    const written = await writeUnplanned();
    const changeId = written[0]?._id ?? '';
    const options = { workflowId: changeId, takes: () => true, takeTurn: () => true };
    const insertMany = deliveries.insertMany.bind(deliveries) as (...args: unknown[]) => Promise<unknown>;
    let parts = 0;
    const insertTwice = async (...args: unknown[]) => {
      parts += 1;
      if (parts === 3) throw new Error('died');
      return insertMany(...args);
    };
    const dies = vi.spyOn(deliveries, 'insertMany').mockImplementation(insertTwice as never);
    await expect(planChanges(services, written, options)).rejects.toThrow('died');
    dies.mockRestore();
    const before = await deliveries.countDocuments({ changeId });
    expect(before).toBeGreaterThan(0);
    expect(before).toBeLessThan(80);
    // From memory, as it was before: the next one sees that it is behind, and reads again.
    const [planned] = await planChanges(services, written, options);
    expect(planned?.deliveries).toHaveLength(80);
    expect(planned?.started).toEqual([]);
    const owed = await deliveries.find({ changeId }, { webhookId: 1 }).lean();
    expect(new Set(owed.map(({ webhookId }) => webhookId)).size).toBe(80);
    expect(await changes.findOne({ _id: changeId }).lean()).toMatchObject({ state: 'planned' });
  });
});
