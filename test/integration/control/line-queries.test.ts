import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { Models } from '../../../src/models/models.ts';
import { connectMongodb, ensureIndexes } from '../../../src/models/models.ts';
import { newId } from '../../../src/services/id.ts';

const WEBHOOK_ID = newId('whk');
const COUNT = 1_000;

interface Explained {
  executionStats: { totalDocsExamined: number; totalKeysExamined: number };
}

describe('what is asked of a long line', () => {
  let models: Models;

  beforeAll(async () => {
    const uri = new URL(inject('mongodbUri'));
    uri.pathname = `/q${randomUUID().replaceAll('-', '').slice(0, 16)}`;
    models = await connectMongodb(uri.href);
    await ensureIndexes(models, { days: 30, failedDays: 90 });
    await models.deliveries.collection.insertMany([
      ...Array.from({ length: COUNT }, () => toDoc('waiting')),
      ...Array.from({ length: COUNT }, () => toDoc('delivered')),
    ] as never[]);
  });
  afterAll(async () => {
    await models.connection.dropDatabase();
    await models.connection.close();
  });

  const toDoc = (state: 'waiting' | 'delivered') => ({
    _id: newId('dlv'),
    webhookId: WEBHOOK_ID,
    changeId: newId('chg'),
    recordId: newId('rec'),
    state,
    open: state === 'waiting',
    waitReason: state === 'waiting' ? 'paused' : null,
  });
  const waiting = { webhookId: WEBHOOK_ID, state: 'waiting' as const };
  // The shape of an explanation is MongoDB's.
  const explain = async (query: { explain: (verbosity: 'executionStats') => PromiseLike<unknown> }) =>
    ((await query.explain('executionStats')) as Explained).executionStats;

  it('is counted from the index, without a look at a document', async () => {
    expect(await models.deliveries.countDocuments(waiting)).toBe(COUNT);
    const pipeline = [{ $match: waiting }, { $group: { _id: 1, n: { $sum: 1 } } }];
    const explained: unknown = await models.deliveries.collection
      .aggregate(pipeline)
      .explain('executionStats');
    const stats = explained as Explained & { stages?: { $cursor?: Explained }[] };
    const { executionStats } = stats.stages?.[0]?.$cursor ?? stats;
    expect(executionStats.totalDocsExamined).toBe(0);
    expect(executionStats.totalKeysExamined).toBeLessThanOrEqual(COUNT + 1);
  });

  it('is read from its head, sorted by the index', async () => {
    const find = models.deliveries
      .find({ ...waiting, waitReason: { $in: ['disabled', 'paused', 'resuming'] } })
      .sort({ changeId: 1 })
      .limit(10);
    expect((await explain(find)).totalDocsExamined).toBe(10);
  });
});
