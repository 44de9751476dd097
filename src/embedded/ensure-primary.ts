import { mongo } from 'mongoose';
import { isPortOpen } from './free-ports.ts';
import { poll } from './poll.ts';

/** Name of the single-node replica set. */
export const REPLICA_SET = 'rs0';

export interface EnsurePrimaryOptions {
  /** The mongod that is ours: any other that answers on the port is left alone. */
  pid: number;
  port: number;
  timeoutMs: number;
  signal: AbortSignal;
}

interface ReplicaSetConfig {
  version: number;
  members: { _id: number; host: string }[];
}

const NOT_YET_INITIALIZED = 94;

/**
 * Makes a mongod the writable primary of a replica set of one, reachable under this port: starts the set on new data,
 * renames the member on data that knew another port. False when that took too long or the signal fired.
 */
export async function ensurePrimary(options: EnsurePrimaryOptions): Promise<boolean> {
  const { port, timeoutMs, signal } = options;
  const listening = async (): Promise<true | undefined> => ((await isPortOpen(port)) ? true : undefined);
  if ((await poll(listening, { timeoutMs, intervalMs: 20, signal })) === undefined) return false;
  const uri = `mongodb://127.0.0.1:${port}/?directConnection=true`;
  const client = new mongo.MongoClient(uri, { serverSelectionTimeoutMS: 2000, socketTimeoutMS: 10_000 });
  const probe = async (): Promise<true | undefined> => {
    try {
      return (await advance(client.db('admin'), `127.0.0.1:${port}`, options.pid)) ? true : undefined;
    } catch {
      // Busy starting, electing or replaying its journal: every step is tried again until the time is up.
      return undefined;
    }
  };
  try {
    return (await poll(probe, { timeoutMs, intervalMs: 20, signal })) ?? false;
  } finally {
    await client.close();
  }
}

/** Takes the one step that is due; true when none is. */
async function advance(admin: mongo.Db, host: string, pid: number): Promise<boolean> {
  const status = await admin.command({ serverStatus: 1, metrics: 0, wiredTiger: 0 });
  if (Number(status['pid']) !== pid) return false;
  const hello = await admin.command({ hello: 1 });
  if (hello['isWritablePrimary'] === true && hello['me'] === host) return true;
  const config = await readConfig(admin);
  if (config === null) {
    await admin.command({ replSetInitiate: { _id: REPLICA_SET, members: [{ _id: 0, host }] } });
  } else if (config.members[0]?.host !== host) {
    const members = config.members.slice(0, 1).map((member) => ({ ...member, host }));
    // By force: a node that does not find itself in its own configuration cannot become primary first.
    await admin.command({
      replSetReconfig: { ...config, version: config.version + 1, members },
      force: true,
    });
  }
  return false;
}

async function readConfig(admin: mongo.Db): Promise<ReplicaSetConfig | null> {
  try {
    const { config } = await admin.command({ replSetGetConfig: 1 });
    return config as ReplicaSetConfig;
  } catch (error) {
    if (error instanceof mongo.MongoServerError && error.code === NOT_YET_INITIALIZED) return null;
    throw error;
  }
}
