import { join } from 'node:path';
import { mkdir } from 'node:fs/promises';
import { freePorts } from '../../src/embedded/free-ports.ts';
import { generateSecretKey } from '../../src/secret-box.ts';
import { generateApiKey } from '../../src/services/api-keys/create.ts';
import { Stack } from '../../bench/processes/stack.ts';
import type { Binaries } from '../../bench/systems/servers.ts';
import type { Part } from './child.ts';
import { lastLines, openPart, runCommand, runServing } from './child.ts';
import type { Database } from './database.ts';
import { openTemporal } from './open-temporal.ts';
import type { Link } from './proxy.ts';
import { openLink } from './proxy.ts';
import { openSingleDatabase } from './single-database.ts';
import type { LinkName, Stage, StageKind, TemporalPart } from './stage.ts';
import { openReplicaSet } from './replica-set.ts';
import { openSmallDisk } from './small-disk.ts';
import { startReceiver } from './start-receiver.ts';

export interface StageOptions {
  kind: StageKind;
  binaries: Pick<Binaries, 'mongod' | 'temporal'>;
  /** Made if need be; holds data and logs. */
  folder: string;
}

const OPEN_DATABASE: Record<StageKind, (options: StageOptions) => Promise<Database>> = {
  single: async ({ binaries, folder }) => openSingleDatabase({ binary: binaries.mongod, folder }),
  'replica-set': async ({ binaries, folder }) => openReplicaSet({ binary: binaries.mongod, folder }),
  'small-disk': async ({ binaries, folder }) => openSmallDisk({ binary: binaries.mongod, folder }),
};

/** Starts an API, two workers, their servers and an endpoint, each as a process; one that does not start stops the others. */
export async function openStage(options: StageOptions): Promise<Stage> {
  const { kind, folder, binaries } = options;
  const failures: string[] = [];
  const stack = new Stack((name, error) => failures.push(`${name}: ${String(error)}`));
  const close = async () => {
    await stack.close();
    return failures;
  };
  try {
    await mkdir(folder, { recursive: true });
    const database = await OPEN_DATABASE[kind](options);
    stack.push('mongodb', database.close);
    const temporal = await openTemporal({ binary: binaries.temporal, folder });
    stack.push('temporal', temporal.stop);
    const receiver = await startReceiver(folder);
    stack.push('receiver', receiver.stop);
    const links = await openLinks({ database, temporal, receiverPort: receiver.port, stack });
    const settings = toSettings(folder);
    const place = { folder, settings, database, temporal, links };
    const setup = async () => runSetup(place);
    await setup();
    const api = await startPart(place, { command: 'api', name: 'api' });
    stack.push('api', api.part.stop);
    const workers: [Part, Part] = [
      (await startPart(place, { command: 'worker', name: 'worker-1' })).part,
      (await startPart(place, { command: 'worker', name: 'worker-2' })).part,
    ];
    for (const worker of workers) stack.push(worker.name, worker.kill);
    return {
      ...{ kind, folder, database, temporal, workers, receiver, links, setup, close },
      api: api.part,
      apiUrl: `http://127.0.0.1:${api.port}`,
      apiKey: settings.BOOTSTRAP_API_KEY,
      endpointUrl: `http://127.0.0.1:${links['worker-endpoint']?.port}`,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

type Links = Partial<Record<LinkName, Link>>;
type Settings = ReturnType<typeof toSettings>;

function toSettings(folder: string) {
  return {
    NODE_ENV: 'production',
    HOST: '127.0.0.1',
    DATA_DIR: join(folder, 'data'),
    SECRET_KEYS: generateSecretKey('faults'),
    BOOTSTRAP_API_KEY: generateApiKey(),
    ALLOW_TARGET_CIDRS: '127.0.0.0/8',
    LOG_LEVEL: 'warn',
  };
}

interface LinksInput {
  database: Database;
  temporal: TemporalPart;
  receiverPort: number;
  stack: Stack;
}

async function openLinks({ database, temporal, receiverPort, stack }: LinksInput): Promise<Links> {
  const temporalPort = Number(temporal.address.split(':')[1]);
  const targets: [LinkName, number | null][] = [
    ['api-mongodb', database.linkedPort],
    ['worker-mongodb', database.linkedPort],
    ['api-temporal', temporalPort],
    ['worker-temporal', temporalPort],
    ['worker-endpoint', receiverPort],
  ];
  const links: Links = {};
  for (const [name, port] of targets) {
    if (port === null) continue;
    const link = await openLink(port);
    links[name] = link;
    stack.push(name, link.close);
  }
  return links;
}

interface Place {
  folder: string;
  settings: Settings;
  database: Database;
  temporal: TemporalPart;
  links: Links;
}

/** A process's environment: the servers as it reaches them. */
function toEnvironment({ settings, database, links, temporal }: Place, who: 'api' | 'worker' | null) {
  const mongodb = who && links[`${who}-mongodb`];
  const port = who && links[`${who}-temporal`]?.port;
  return {
    ...settings,
    MONGODB_URI: mongodb ? throughPort(database.uri, mongodb.port) : database.uri,
    TEMPORAL_ADDRESS: port ? `127.0.0.1:${port}` : temporal.address,
  };
}

function throughPort(given: string, port: number): string {
  const uri = new URL(given);
  uri.port = String(port);
  return uri.href;
}

async function startPart(
  place: Place,
  { command, name }: { command: 'api' | 'worker'; name: string },
): Promise<{ part: Part; port: number }> {
  const [port = 0] = await freePorts(1);
  const env = { ...toEnvironment(place, command), PORT: String(port), METRICS_PORT: String(port) };
  const part = openPart(name, async () => runServing({ command, name, folder: place.folder, env, port }));
  await part.start();
  return { part, port };
}

async function runSetup(place: Place): Promise<void> {
  const { folder } = place;
  const options = { command: 'setup' as const, name: 'setup', folder, env: toEnvironment(place, null) };
  const { exited } = await runCommand(options);
  if ((await exited) !== 0) throw new Error(`tablehook setup failed:\n${await lastLines(options)}`);
}
