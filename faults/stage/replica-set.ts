import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { mongo } from 'mongoose';
import { waitUntil } from '../../bench/sleep.ts';
import { freePorts } from '../../src/embedded/free-ports.ts';
import { runServer } from '../../src/embedded/run-server.ts';
import type { Part } from './child.ts';
import { openPart } from './child.ts';
import type { Database } from './database.ts';
import { openLineLog } from './line-log.ts';
import type { Host, Network } from './namespaces.ts';
import { openNetwork } from './namespaces.ts';

const SET = 'rs0';
const NODES = 3;
const READY_TIMEOUT_MS = 60_000;

interface Node {
  part: Part;
  host: Host;
  /** host:port */
  place: string;
}

/**
 * Starts three mongod as a replica set, each on a host of its own where namespaces can be made, else side by side on
 * loopback. Elections take as long as by MongoDB's defaults.
 */
export async function openReplicaSet(options: { binary: string; folder: string }): Promise<Database> {
  const network = await openNetwork(NODES).catch(() => null);
  const hosts = network?.hosts ?? Array.from({ length: NODES }, () => ({ address: '127.0.0.1', prefix: [] }));
  const ports = await freePorts(NODES);
  const nodes: Node[] = [];
  const close = async () => {
    await Promise.all(nodes.map(async ({ part }) => part.stop()));
    await network?.close();
  };
  try {
    for (const [index, host] of hosts.entries()) {
      const port = ports[index] ?? 0;
      const part = openNode({ ...options, host, port, name: `mongod-${index + 1}` });
      nodes.push({ part, host, place: `${host.address}:${port}` });
      await part.start();
    }
    await initiate(nodes);
  } catch (error) {
    await close();
    throw error;
  }
  const uri = `mongodb://${nodes.map(({ place }) => place).join(',')}/tablehook?replicaSet=${SET}`;
  const [first, ...rest] = nodes.map(({ part }) => part);
  if (!first) throw new Error('There is no node.');
  return {
    ...{ uri, close, fillDisk: null, linkedPort: null, nodes: [first, ...rest] },
    primary: async () => (await findPrimary(nodes)).part,
    stepDown: async () => stepDown(await findPrimary(nodes)),
    isolate: network && (async (part) => isolate({ network, nodes, part })),
  };
}

interface NodeOptions {
  binary: string;
  folder: string;
  name: string;
  host: Host;
  port: number;
}

function openNode({ binary, folder, name, host, port }: NodeOptions): Part {
  const onLog = openLineLog(folder, name);
  const dbPath = join(folder, name);
  const args = [
    ...['--replSet', SET, '--bind_ip_all', '--port', String(port), '--dbpath', dbPath, '--nounixsocket'],
    ...['--wiredTigerCacheSizeGB', '0.25', '--oplogSize', '256', '--quiet'],
    ...['--setParameter', 'transactionLifetimeLimitSeconds=5'],
    ...['--setParameter', 'diagnosticDataCollectionEnabled=false'],
  ];
  return openPart(name, async () => {
    await mkdir(dbPath, { recursive: true });
    const [command = '', ...rest] = [...host.prefix, binary, ...args];
    const server = await runServer({ binary: command, args: rest, onLog });
    await waitUntil(async () => (await hello(`${host.address}:${port}`)) !== null, {
      what: `the start of ${name}`,
      timeoutMs: READY_TIMEOUT_MS,
    });
    return server;
  });
}

async function initiate(nodes: readonly Node[]): Promise<void> {
  const members = nodes.map(({ place }, _id) => ({ _id, host: place }));
  await ask(nodes[0]?.place ?? '', { replSetInitiate: { _id: SET, members } });
  await waitUntil(
    async () => {
      const answers = await Promise.all(nodes.map(async ({ place }) => hello(place)));
      const primaries = answers.filter((answer) => answer?.['isWritablePrimary'] === true);
      const secondaries = answers.filter((answer) => answer?.['secondary'] === true);
      return primaries.length === 1 && secondaries.length === nodes.length - 1;
    },
    { what: 'the replica set', timeoutMs: READY_TIMEOUT_MS },
  );
}

async function findPrimary(nodes: readonly Node[]): Promise<Node> {
  let found: Node | undefined;
  await waitUntil(
    async () => {
      const answers = await Promise.all(nodes.map(async ({ place }) => hello(place)));
      found = nodes[answers.findIndex((answer) => answer?.['isWritablePrimary'] === true)];
      return found !== undefined;
    },
    { what: 'a primary', timeoutMs: READY_TIMEOUT_MS },
  );
  if (!found) throw new Error('There is no primary.');
  return found;
}

const STEP_DOWN_SECONDS = 30;

async function stepDown({ place }: Node): Promise<void> {
  await ask(place, { replSetStepDown: STEP_DOWN_SECONDS, secondaryCatchUpPeriodSecs: 5 });
}

interface IsolateInput {
  network: Network;
  nodes: readonly Node[];
  part: Part;
}

async function isolate({ network, nodes, part }: IsolateInput): Promise<() => Promise<void>> {
  const node = nodes.find((one) => one.part === part);
  if (!node) throw new Error(`${part.name} is no node of this set.`);
  return network.isolate(node.host);
}

async function hello(place: string): Promise<mongo.Document | null> {
  return ask(place, { hello: 1 }).catch(() => null);
}

async function ask(place: string, command: mongo.Document): Promise<mongo.Document> {
  const client = new mongo.MongoClient(`mongodb://${place}/?directConnection=true`, {
    serverSelectionTimeoutMS: 2_000,
    socketTimeoutMS: 10_000,
  });
  try {
    return await client.db('admin').command(command);
  } finally {
    await client.close();
  }
}
