import { mongo } from 'mongoose';
import { newId } from '../../src/services/id.ts';

export interface BaselineWebhook {
  _id: string;
  tableId: string;
  url: string;
  secret: string;
  events: string[];
}

export interface BaselineRecord {
  _id: string;
  tableId: string;
  version: number;
  values: Record<string, unknown>;
}

export interface BaselineChange {
  _id: string;
  tableId: string;
  recordId: string;
  recordVersion: number;
  type: string;
  at: Date;
  previous: Record<string, unknown>;
  record: Record<string, unknown>;
  state: 'pending' | 'planned';
}

export interface BaselineDelivery {
  _id: string;
  changeId: string;
  webhookId: string;
  tableId: string;
  recordId: string;
  body: string;
  state: 'pending' | 'delivered' | 'failed';
  attempts: { startedAt: Date; durationMs: number; status: number }[];
}

/** The collections a baseline keeps, with the indexes that the same questions to it would need. */
export interface Store {
  client: mongo.MongoClient;
  records: mongo.Collection<BaselineRecord>;
  changes: mongo.Collection<BaselineChange>;
  webhooks: mongo.Collection<BaselineWebhook>;
  deliveries: mongo.Collection<BaselineDelivery>;
}

/** Connects with the durability Tablehook writes with. */
export async function openStore(uri: string): Promise<Store> {
  const client = new mongo.MongoClient(uri, {
    writeConcern: { w: 'majority', journal: true },
    readConcern: { level: 'majority' },
  });
  await client.connect();
  const db = client.db();
  const store: Store = {
    client,
    records: db.collection('records'),
    changes: db.collection('changes'),
    webhooks: db.collection('webhooks'),
    deliveries: db.collection('deliveries'),
  };
  await store.records.createIndex({ tableId: 1, _id: 1 });
  await store.changes.createIndex({ tableId: 1, recordId: 1, recordVersion: 1 }, { unique: true });
  await store.changes.createIndex({ tableId: 1, _id: 1 });
  await store.webhooks.createIndex({ tableId: 1 });
  await store.deliveries.createIndex({ changeId: 1, webhookId: 1 }, { unique: true });
  await store.deliveries.createIndex({ webhookId: 1, _id: 1 });
  await store.deliveries.createIndex({ tableId: 1, _id: 1 });
  await store.deliveries.createIndex({ recordId: 1, _id: 1 });
  return store;
}

/** The write: a transaction of one update and one insert. Null when there is no such record. */
export async function writeRecord(
  store: Store,
  { tableId, recordId, values }: { tableId: string; recordId: string; values: Record<string, unknown> },
): Promise<BaselineChange | null> {
  const set = Object.fromEntries(Object.entries(values).map(([name, value]) => [`values.${name}`, value]));
  return store.client.withSession(async (session) =>
    session.withTransaction(
      async () => {
        const before = await store.records.findOneAndUpdate(
          { _id: recordId, tableId },
          { $set: set, $inc: { version: 1 } },
          { session, returnDocument: 'before' },
        );
        if (!before) return null;
        const change = toChange(before, values);
        await store.changes.insertOne(change, { session });
        return change;
      },
      { readConcern: { level: 'snapshot' }, writeConcern: { w: 'majority', journal: true } },
    ),
  );
}

function toChange(before: BaselineRecord, values: Record<string, unknown>): BaselineChange {
  return {
    _id: newId('chg'),
    tableId: before.tableId,
    recordId: before._id,
    recordVersion: before.version + 1,
    type: 'record.updated',
    at: new Date(),
    previous: before.values,
    record: { ...before.values, ...values },
    state: 'pending',
  };
}
