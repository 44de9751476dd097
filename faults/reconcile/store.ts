import { mongo } from 'mongoose';
import type { ChangeDoc } from '../../src/models/change.ts';
import type { DeliveryDoc } from '../../src/models/delivery.ts';
import type { Ground } from '../load/ground.ts';

/** MongoDB as it is, past the product. */
export interface Store {
  /** What is not settled yet of a run: changes that are not planned, deliveries that are open. */
  countUnsettled: () => Promise<number>;
  changes: () => Promise<ChangeDoc[]>;
  deliveries: () => Promise<DeliveryDoc[]>;
  close: () => Promise<void>;
}

/** Reads a run's tables from MongoDB. */
export function openStore(uri: string, { tables }: Ground): Store {
  const client = new mongo.MongoClient(uri, {
    serverSelectionTimeoutMS: 5_000,
    readConcern: { level: 'majority' },
  });
  const changes = client.db().collection<ChangeDoc>('changes');
  const deliveries = client.db().collection<DeliveryDoc>('deliveries');
  const own = { tableId: { $in: Object.values(tables) } };
  return {
    countUnsettled: async () => {
      const open = await deliveries.countDocuments({ ...own, open: true });
      return open + (await changes.countDocuments({ ...own, state: { $ne: 'planned' } }));
    },
    changes: async () => changes.find(own).toArray(),
    deliveries: async () => deliveries.find(own).toArray(),
    close: async () => client.close(),
  };
}
