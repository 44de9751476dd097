import { join, resolve } from 'node:path';
import { awaitNamespace, type SearchAttribute } from './await-namespace.ts';
import { claimDataDir, type DataDirClaim } from './claim-data-dir.ts';
import { freePorts, keepPort, lastOrFreePort, requireFreePort } from './free-ports.ts';
import { launchServer, retryOnPortClash } from './launch-server.ts';
import type { RunningServer } from './run-server.ts';
import { EMBEDDED_SEARCH_ATTRIBUTE_BYTES } from './search-attribute-bytes.ts';

/** Values of Temporal's dynamic configuration, by key. */
export type DynamicConfig = Readonly<Record<string, boolean | number | string>>;

export interface StartTemporalOptions {
  binary: string;
  /** Where the database file lives; without it everything is kept in memory and gone at the end. */
  dataDir?: string | undefined;
  /** 0: the one of the last run if it is free, else any free one. */
  port: number;
  /** As `port`; null: no UI. */
  uiPort: number | null;
  namespace?: string | undefined;
  searchAttributes?: SearchAttribute[];
  /** Added to, or in place of, the values below. */
  dynamicConfig?: DynamicConfig;
  startTimeoutMs?: number;
  onLog?: ((line: string) => void) | undefined;
  onProgress?: ((line: string) => void) | undefined;
  signal?: AbortSignal | undefined;
}

export interface RunningTemporal extends RunningServer {
  address: string;
  uiUrl: string | null;
  port: number;
}

const START_TIMEOUT_MS = 60_000;
const NO_LIMIT = 1_000_000;

/** Limits meant for shared clusters are lifted, and one partition per queue spares a lone machine their upkeep. */
const DYNAMIC_CONFIG: DynamicConfig = {
  'system.enableActivityEagerExecution': true,
  'system.enableEagerWorkflowStart': true,
  'frontend.rps': NO_LIMIT,
  'frontend.namespaceRPS': NO_LIMIT,
  'matching.rps': NO_LIMIT,
  'history.rps': NO_LIMIT,
  'frontend.searchAttributesSizeOfValueLimit': EMBEDDED_SEARCH_ATTRIBUTE_BYTES,
  'matching.numTaskqueueReadPartitions': 1,
  'matching.numTaskqueueWritePartitions': 1,
};

/** Runs Temporal's development server on 127.0.0.1; resolves when the namespace answers and knows the search attributes. */
export async function startTemporal(options: StartTemporalOptions): Promise<RunningTemporal> {
  const dataDir = options.dataDir === undefined ? null : resolve(options.dataDir);
  const claim =
    dataDir === null
      ? null
      : await claimDataDir({ dataDir, name: 'temporal', onProgress: options.onProgress });
  try {
    for (const port of [options.port, options.uiPort ?? 0]) {
      if (port !== 0) await requireFreePort(port, 'temporal');
    }
    const isFixed = options.port !== 0 && options.uiPort !== 0;
    const server = await retryOnPortClash(isFixed, async () => await launch(options, dataDir, claim));
    const released = server.exited.then(async () => await claim?.release());
    return {
      ...server,
      stop: async () => {
        await server.stop();
        await released;
      },
    };
  } catch (error) {
    await claim?.release();
    throw error;
  }
}

async function launch(
  options: StartTemporalOptions,
  dataDir: string | null,
  claim: DataDirClaim | null,
): Promise<RunningTemporal> {
  const port = options.port === 0 ? await pickPort(dataDir, 'port') : options.port;
  const uiPort = options.uiPort === 0 ? await pickPort(dataDir, 'ui-port') : options.uiPort;
  const address = `127.0.0.1:${port}`;
  const {
    namespace = 'default',
    searchAttributes = [],
    startTimeoutMs: timeoutMs = START_TIMEOUT_MS,
  } = options;
  const server = await launchServer({
    name: 'temporal',
    binary: options.binary,
    args: toArguments({ ...options, port, uiPort, namespace, searchAttributes }, dataDir),
    claim,
    onLog: options.onLog,
    signal: options.signal,
    ready: async (_server, signal) =>
      await awaitNamespace({ address, namespace, searchAttributes, timeoutMs, signal }),
  });
  if (dataDir !== null) {
    await keepPort(join(dataDir, 'port'), port);
    if (uiPort !== null) await keepPort(join(dataDir, 'ui-port'), uiPort);
  }
  return { ...server, address, port, uiUrl: uiPort === null ? null : `http://127.0.0.1:${uiPort}` };
}

/** The port of the last run if it is free, so that links to workflows go on working. */
async function pickPort(dataDir: string | null, file: string): Promise<number> {
  if (dataDir !== null) return lastOrFreePort(join(dataDir, file));
  const [port = 0] = await freePorts(1);
  return port;
}

function toArguments(
  options: StartTemporalOptions & { namespace: string; searchAttributes: SearchAttribute[] },
  dataDir: string | null,
): string[] {
  const { port, uiPort, namespace, searchAttributes } = options;
  const values = Object.entries({ ...DYNAMIC_CONFIG, ...options.dynamicConfig });
  return [
    ...['server', 'start-dev', '--ip', '127.0.0.1', '--port', String(port), '--log-level', 'warn'],
    ...(uiPort === null ? ['--headless'] : ['--ui-port', String(uiPort)]),
    ...['--namespace', namespace],
    ...(dataDir === null ? [] : ['--db-filename', join(dataDir, 'temporal.db')]),
    // Without a sync per commit a crash of the machine may cost the last moments, which the reconciler restores.
    ...(dataDir === null
      ? []
      : ['--sqlite-pragma', 'journal_mode=WAL', '--sqlite-pragma', 'synchronous=NORMAL']),
    ...searchAttributes.flatMap(({ name, type }) => ['--search-attribute', `${name}=${type}`]),
    ...values.flatMap(([key, value]) => ['--dynamic-config-value', `${key}=${JSON.stringify(value)}`]),
  ];
}
