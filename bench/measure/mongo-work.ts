import { mongo } from 'mongoose';

/** What mongod counted since it started: documents as `opcounters` counts them, and commands, one per round trip. */
export interface MongoWork {
  operations: Record<string, number>;
  commands: Record<string, number>;
}

const OPERATIONS = ['insert', 'query', 'update', 'delete', 'getmore', 'command'];
/** Those a client sends to get work done; heartbeats, sessions and replication are left out. */
const COMMANDS = [
  ...['find', 'aggregate', 'count', 'distinct', 'getMore'],
  ...['insert', 'update', 'delete', 'findAndModify', 'bulkWrite'],
  ...['commitTransaction', 'abortTransaction'],
];

export interface MongoWatch {
  read: () => Promise<MongoWork>;
  close: () => Promise<void>;
}

/** Opens a connection of the bench's own to read the counters by. */
export async function watchMongo(uri: string): Promise<MongoWatch> {
  const client = new mongo.MongoClient(uri, { maxPoolSize: 1 });
  await client.connect();
  return {
    read: async () => {
      const { opcounters, metrics } = (await client.db('admin').command({ serverStatus: 1 })) as ServerStatus;
      const commands = COMMANDS.map((name) => [name, metrics.commands[name]?.total ?? 0]);
      const operations = OPERATIONS.map((name) => [name, opcounters[name] ?? 0]);
      return { operations: Object.fromEntries(operations), commands: Object.fromEntries(commands) };
    },
    close: async () => client.close(),
  };
}

interface ServerStatus {
  opcounters: Record<string, number | undefined>;
  metrics: { commands: Record<string, { total: number } | undefined> };
}

/** What was done between two readings. */
export function workBetween(before: MongoWork, after: MongoWork): MongoWork {
  return {
    operations: difference(before.operations, after.operations),
    commands: difference(before.commands, after.commands),
  };
}

function difference(before: Record<string, number>, after: Record<string, number>): Record<string, number> {
  const entries = Object.entries(after).map(([name, count]) => [name, count - (before[name] ?? 0)]);
  return Object.fromEntries(entries);
}

/** All of them together. */
export function total(counts: Record<string, number>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}
