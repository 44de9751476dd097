import type { Connection, Model, mongo } from 'mongoose';
import mongoose from 'mongoose';
import { ApiKeyCollection, type ApiKeyDoc } from './api-key.ts';
import { ChangeCollection, type ChangeDoc } from './change.ts';
import { bindCollection } from './collection.ts';
import type { Retention } from '../domain/retention.ts';
import { DeliveryCollection, type DeliveryDoc } from './delivery.ts';
import { ensureExpiryIndexes } from './expiry-indexes.ts';
import { IdempotencyKeyCollection, type IdempotencyKeyDoc } from './idempotency-key.ts';
import { RecordCollection, type RecordDoc } from './record.ts';
import { ReplayCollection, type ReplayDoc } from './replay.ts';
import { TableCollection, type TableDoc } from './table.ts';
import { WebhookCollection, type WebhookDoc } from './webhook.ts';
import { WebhookTestCollection, type WebhookTestDoc } from './webhook-test.ts';

/** Every collection, bound to one connection. */
export interface Models {
  connection: Connection;
  /** How long the server lets a transaction live. */
  transactionLifetimeMs: number;
  tables: Model<TableDoc>;
  records: Model<RecordDoc>;
  changes: Model<ChangeDoc>;
  webhooks: Model<WebhookDoc>;
  webhookTests: Model<WebhookTestDoc>;
  deliveries: Model<DeliveryDoc>;
  replays: Model<ReplayDoc>;
  apiKeys: Model<ApiKeyDoc>;
  idempotencyKeys: Model<IdempotencyKeyDoc>;
}

/**
 * Connects to MongoDB with writes that survive a fail-over (majority, journaled). Rejects after 5 s without a primary.
 * `onCommand` hears of every command that is sent.
 */
export async function connectMongodb(
  uri: string,
  { onCommand }: { onCommand?: (event: mongo.CommandStartedEvent) => void } = {},
): Promise<Models> {
  const connection = mongoose.createConnection(uri, {
    monitorCommands: onCommand !== undefined,
    serverSelectionTimeoutMS: 5_000,
    retryWrites: true,
    writeConcern: { w: 'majority', journal: true },
    readConcern: { level: 'majority' },
    autoIndex: false,
    autoCreate: false,
    bufferCommands: false,
    appName: 'tablehook',
  });
  await connection.asPromise();
  if (onCommand) connection.getClient().on('commandStarted', onCommand);
  return createModels(connection, await readTransactionLifetimeMs(connection));
}

/** MongoDB's default where the server does not tell, as some hosted ones do not. */
const DEFAULT_LIFETIME_SECONDS = 60;

async function readTransactionLifetimeMs(connection: Connection): Promise<number> {
  const name = 'transactionLifetimeLimitSeconds';
  const told = await connection.db
    ?.admin()
    .command({ getParameter: 1, [name]: 1 })
    .catch(() => null);
  const seconds: unknown = told?.[name];
  return (typeof seconds === 'number' ? seconds : DEFAULT_LIFETIME_SECONDS) * 1_000;
}

/** Binds every collection to an open connection. */
export function createModels(connection: Connection, transactionLifetimeMs: number): Models {
  return {
    connection,
    transactionLifetimeMs,
    tables: bindCollection(connection, TableCollection),
    records: bindCollection(connection, RecordCollection),
    changes: bindCollection(connection, ChangeCollection),
    webhooks: bindCollection(connection, WebhookCollection),
    webhookTests: bindCollection(connection, WebhookTestCollection),
    deliveries: bindCollection(connection, DeliveryCollection),
    replays: bindCollection(connection, ReplayCollection),
    apiKeys: bindCollection(connection, ApiKeyCollection),
    idempotencyKeys: bindCollection(connection, IdempotencyKeyCollection),
  };
}

/**
 * Creates collections and indexes that are missing, and has deliveries expire by the retention as it is now; safe to run
 * again and by several processes at once.
 */
export async function ensureIndexes(models: Models, retention: Retention): Promise<void> {
  const ensure = async <T>(model: Model<T>) => {
    await model.createCollection();
    await model.createIndexes();
  };
  await ensure(models.tables);
  await ensure(models.records);
  await ensure(models.changes);
  await ensure(models.webhooks);
  await ensure(models.webhookTests);
  await ensure(models.deliveries);
  await ensureExpiryIndexes(models, retention);
  await ensure(models.replays);
  await ensure(models.apiKeys);
  await ensure(models.idempotencyKeys);
}
