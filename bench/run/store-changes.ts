import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { mongo } from 'mongoose';
import { newId } from '../../src/services/id.ts';
import { Stack } from '../processes/stack.ts';
import { startSink } from '../processes/start-sink.ts';
import { startServers } from '../systems/servers.ts';
import { startSystem } from '../systems/start-system.ts';
import { waitUntil } from '../sleep.ts';
import type { BenchContext } from './environment.ts';
import { prepareTarget } from './prepare-target.ts';
import { createPost } from './rest-client.ts';

interface Templates {
  record: Doc;
  change: Doc;
  delivery: Doc;
}

type Doc = mongo.Document & { _id: string };

const BATCH = 2_000;

/**
 * Makes the data folder of a MongoDB that holds so many settled changes, each with its delivery and record. One of each is
 * made by Tablehook itself and the rest are copies under ids of their own, so their shape is real whatever it is today.
 */
export async function storeChanges(context: BenchContext, count: number): Promise<string> {
  const { binaries, folder, env, signal, say } = context;
  const dataDir = await mkdtemp(join(folder, 'stored-'));
  const stack = new Stack((name, error) => say(`${name} did not stop: ${String(error)}`));
  try {
    const servers = await startServers(binaries, { dataDir, signal });
    stack.push('servers', servers.stop);
    const sink = await startSink();
    stack.push('sink', sink.process.stop);
    const system = await startSystem('tablehook', { servers, dataDir, env, profiles: null, signal });
    const client = await mongo.MongoClient.connect(servers.mongodbUri);
    stack.push('client', async () => client.close());
    try {
      const stream = { name: 'stored', webhooks: [{ count: 1, behaviour: { kind: 'ok' as const } }] };
      const post = createPost(system.urls[0] ?? '', system.apiKey);
      const { tableId } = await prepareTarget(post, stream, sink.url);
      await post(`/v1/tables/${tableId}/records`, { values: { Title: 'Ship', Count: 1 } });
      const templates = await readTemplates(client.db(), { tableId, signal });
      await insertCopies(client.db(), { templates, count, signal, say });
    } finally {
      await system.stop();
    }
  } finally {
    await stack.close();
  }
  return join(dataDir, 'mongodb');
}

async function readTemplates(
  db: mongo.Db,
  { tableId, signal }: { tableId: string; signal: AbortSignal },
): Promise<Templates> {
  const settled = { tableId, state: 'delivered' };
  const deliveries = db.collection<Doc>('deliveries');
  await waitUntil(async () => (await deliveries.findOne(settled)) !== null, {
    what: 'the first delivery',
    timeoutMs: 60_000,
    signal,
  });
  const delivery = await deliveries.findOne(settled);
  const change = await db.collection<Doc>('changes').findOne({ _id: String(delivery?.['changeId']) });
  const record = await db.collection<Doc>('records').findOne({ _id: String(change?.['recordId']) });
  if (!delivery || !change || !record) throw new Error('the first delivery left no trace');
  return { delivery, change, record };
}

interface InsertCopiesInput {
  templates: Templates;
  count: number;
  signal: AbortSignal;
  say: (line: string) => void;
}

async function insertCopies(
  db: mongo.Db,
  { templates, count, signal, say }: InsertCopiesInput,
): Promise<void> {
  for (let done = 0; done < count; done += BATCH) {
    signal.throwIfAborted();
    const copies = Array.from({ length: Math.min(BATCH, count - done) }, () => copyAll(templates));
    await Promise.all(
      (['record', 'change', 'delivery'] as const).map(async (kind) =>
        db.collection<Doc>(collections[kind]).insertMany(
          copies.map((copy) => copy[kind]),
          { ordered: false, writeConcern: { w: 1 } },
        ),
      ),
    );
    if (done % 100_000 === 0 && done > 0) say(`stored ${done} of ${count} changes`);
  }
}

const collections = { record: 'records', change: 'changes', delivery: 'deliveries' } as const;

function copyAll({ record, change, delivery }: Templates): Templates {
  const ids = new Map([
    [record._id, newId('rec')],
    [change._id, newId('chg')],
    [delivery._id, newId('dlv')],
  ]);
  return {
    record: copyDoc(record, ids),
    change: copyDoc(change, ids),
    delivery: copyDoc(delivery, ids),
  };
}

/** A copy in which every id of the three stands for its new one, in bodies too. */
function copyDoc(doc: Doc, ids: ReadonlyMap<string, string>): Doc {
  return Object.fromEntries(
    Object.entries(doc).map(([name, value]) => [name, replaceIds(value, ids)]),
  ) as Doc;
}

function replaceIds(value: unknown, ids: ReadonlyMap<string, string>): unknown {
  if (typeof value !== 'string') return value;
  let text = value;
  for (const [from, to] of ids) text = text.replaceAll(from, to);
  return text;
}
