import { mongo } from 'mongoose';
import type { Retention } from '../domain/retention.ts';
import { DAY_SECONDS } from '../domain/retention.ts';
import type { Models } from './models.ts';

/** MongoDB's code for an index that is there with other options. */
const OTHER_OPTIONS = 85;

/**
 * Has MongoDB delete deliveries by itself once they were settled for as long as they are kept. An open one has no
 * `settledAt`, so it never expires. Adjusts indexes made for another retention; safe for several processes at once.
 */
export async function ensureExpiryIndexes(
  { deliveries }: Pick<Models, 'deliveries'>,
  { days, failedDays }: Retention,
): Promise<void> {
  const { collection } = deliveries;
  const indexes = [
    { name: 'expire_settled', days, state: { $in: ['delivered', 'cancelled'] } },
    { name: 'expire_failed', days: failedDays, state: 'failed' },
  ];
  for (const index of indexes) {
    const { name, state } = index;
    const expireAfterSeconds = index.days * DAY_SECONDS;
    const options = { name, expireAfterSeconds, partialFilterExpression: { state } };
    try {
      await collection.createIndex({ settledAt: 1 }, options);
    } catch (error) {
      if (!(error instanceof mongo.MongoServerError) || error.code !== OTHER_OPTIONS) throw error;
      await collection.conn.db?.command({
        collMod: collection.collectionName,
        index: { name, expireAfterSeconds },
      });
    }
  }
}
