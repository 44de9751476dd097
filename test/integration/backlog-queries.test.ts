import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import type { Models } from '../../src/models/models.ts';
import { connectMongodb, ensureIndexes } from '../../src/models/models.ts';
import { claimUnplanned, hasUnplanned } from '../../src/services/changes/relay.ts';
import { measureUnsettled } from '../../src/services/diagnosis/measure.ts';
import { newId } from '../../src/services/id.ts';

const BACKLOG = 5_000;
const LIMIT = 100;

interface Profiled {
  docsExamined?: number;
  planSummary?: string;
}

describe('a long backlog of changes that nobody has in hand', () => {
  let models: Models;
  const clock = () => new Date();

  beforeAll(async () => {
    const uri = new URL(inject('mongodbUri'));
    uri.pathname = `/b${randomUUID().replaceAll('-', '').slice(0, 16)}`;
    models = await connectMongodb(uri.href);
    await ensureIndexes(models, { days: 30, failedDays: 90 });
    const changes = (state: 'pending' | 'planned') => Array.from({ length: BACKLOG }, () => toDoc(state));
    await models.changes.collection.insertMany([...changes('pending'), ...changes('planned')] as never[]);
  });
  afterAll(async () => {
    await models.connection.dropDatabase();
    await models.connection.close();
  });
  beforeEach(async () => {
    await db().command({ profile: 0 });
    await db()
      .dropCollection('system.profile')
      .catch(() => undefined);
  });

  const toDoc = (state: 'pending' | 'planned') => {
    const tableId = newId('tbl');
    return {
      _id: newId('chg'),
      tableId,
      recordId: newId('rec'),
      recordVersion: 1,
      state,
      claimedUntil: null,
    };
  };
  const db = () => {
    const found = models.connection.db;
    if (!found) throw new Error('not connected');
    return found;
  };
  /** What MongoDB did for the changes while `work` ran. */
  const profile = async (work: () => Promise<unknown>) => {
    await db().command({ profile: 2 });
    await work();
    await db().command({ profile: 0 });
    const ns = `${db().databaseName}.changes`;
    const operations = await db().collection<Profiled>('system.profile').find({ ns }).toArray();
    expect(operations.length).toBeGreaterThan(0);
    expect(operations.map(({ planSummary }) => planSummary)).not.toContain('COLLSCAN');
    return operations.reduce((sum, { docsExamined = 0 }) => sum + docsExamined, 0);
  };

  it('costs a relay that takes its share no look at the others', async () => {
    const examined = await profile(async () => {
      expect(await claimUnplanned({ models, clock }, LIMIT)).toHaveLength(LIMIT);
    });
    // Found, claimed, read.
    expect(examined).toBeLessThanOrEqual(3 * LIMIT);
  });

  it('costs the question whether there is any one look', async () => {
    expect(await profile(async () => hasUnplanned({ models, clock }))).toBeLessThanOrEqual(1);
  });

  it('costs the metrics, which count it up to a bound, one look at each', async () => {
    const examined = await profile(async () => {
      const unsettled = await measureUnsettled({ models, clock });
      expect(unsettled.find(({ standing }) => standing === 'not-planned')).toMatchObject({ count: BACKLOG });
    });
    expect(examined).toBeLessThanOrEqual(BACKLOG + 2 * LIMIT);
  });
});
