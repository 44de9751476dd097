import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { DAY_SECONDS } from '../../../src/domain/retention.ts';
import type { Models } from '../../../src/models/models.ts';
import { connectMongodb, ensureIndexes } from '../../../src/models/models.ts';

describe('the indexes by which deliveries expire', () => {
  let models: Models;

  beforeAll(async () => {
    const uri = new URL(inject('mongodbUri'));
    uri.pathname = `/x${randomUUID().replaceAll('-', '').slice(0, 16)}`;
    models = await connectMongodb(uri.href);
  });
  afterAll(async () => {
    await models.connection.dropDatabase();
    await models.connection.close();
  });

  const expiring = async () => {
    const indexes = await models.deliveries.collection.indexes();
    return indexes
      .filter(({ expireAfterSeconds }) => expireAfterSeconds !== undefined)
      .map(({ key, expireAfterSeconds, partialFilterExpression }) => ({
        key,
        days: Number(expireAfterSeconds) / DAY_SECONDS,
        state: partialFilterExpression?.['state'] as unknown,
      }))
      .toSorted((a, b) => a.days - b.days);
  };
  const expected = (days: number, failedDays: number) => [
    { key: { settledAt: 1 }, days, state: { $in: ['delivered', 'cancelled'] } },
    { key: { settledAt: 1 }, days: failedDays, state: 'failed' },
  ];

  it('count from when they were settled, longer for those that failed', async () => {
    await ensureIndexes(models, { days: 30, failedDays: 90 });
    expect(await expiring()).toEqual(expected(30, 90));
  });

  it('stay as they are when they are ensured again, by several processes at once', async () => {
    const retention = { days: 30, failedDays: 90 };
    await Promise.all([1, 2, 3].map(async () => ensureIndexes(models, retention)));
    expect(await expiring()).toEqual(expected(30, 90));
  });

  it('are adjusted to another retention, each on its own', async () => {
    await ensureIndexes(models, { days: 7, failedDays: 90 });
    expect(await expiring()).toEqual(expected(7, 90));
    await ensureIndexes(models, { days: 14, failedDays: 365 });
    expect(await expiring()).toEqual(expected(14, 365));
  });
});
