import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { claimDataDir, type DataDirClaim } from './claim-data-dir.ts';
import { ensurePrimary, REPLICA_SET } from './ensure-primary.ts';
import { keepPort, lastOrFreePort, requireFreePort } from './free-ports.ts';
import { launchServer, retryOnPortClash } from './launch-server.ts';
import type { RunningServer } from './run-server.ts';

export interface StartMongodOptions {
  binary: string;
  dataDir: string;
  /** 0: the port of the last run if it is free, else any free one. */
  port: number;
  cacheSizeGb?: number;
  startTimeoutMs?: number;
  onLog?: ((line: string) => void) | undefined;
  onProgress?: ((line: string) => void) | undefined;
  signal?: AbortSignal | undefined;
}

export interface RunningMongod extends RunningServer {
  uri: string;
  port: number;
}

const START_TIMEOUT_MS = 90_000;

/** Runs mongod as a replica set of one on 127.0.0.1; resolves when it takes writes. Data survives, and may change ports. */
export async function startMongod(options: StartMongodOptions): Promise<RunningMongod> {
  const dataDir = resolve(options.dataDir);
  const claim = await claimDataDir({ dataDir, name: 'mongod', onProgress: options.onProgress });
  try {
    // Not before the claim: what a killed process left behind may be what holds the port.
    if (options.port !== 0) await requireFreePort(options.port, 'mongod');
    const server = await retryOnPortClash(
      options.port !== 0,
      async () => await launch(options, dataDir, claim),
    );
    const released = server.exited.then(async () => await claim.release());
    return {
      ...server,
      uri: `mongodb://127.0.0.1:${server.port}/tablehook?replicaSet=${REPLICA_SET}`,
      stop: async () => {
        await server.stop();
        await released;
      },
    };
  } catch (error) {
    await claim.release();
    throw error;
  }
}

async function launch(
  options: StartMongodOptions,
  dataDir: string,
  claim: DataDirClaim,
): Promise<RunningServer & { port: number }> {
  const portFile = join(dataDir, 'port');
  const dbPath = join(dataDir, 'db');
  await mkdir(dbPath, { recursive: true });
  const port = options.port === 0 ? await lastOrFreePort(portFile) : options.port;
  const server = await launchServer({
    name: 'mongod',
    binary: options.binary,
    args: toArguments({ port, dbPath, cacheSizeGb: options.cacheSizeGb ?? 1 }),
    claim,
    isNotable,
    onLog: options.onLog,
    signal: options.signal,
    ready: async ({ pid }, signal) =>
      await ensurePrimary({ pid, port, timeoutMs: options.startTimeoutMs ?? START_TIMEOUT_MS, signal }),
  });
  await keepPort(portFile, port);
  return { ...server, port };
}

function toArguments(options: { port: number; dbPath: string; cacheSizeGb: number }): string[] {
  return [
    ...['--replSet', REPLICA_SET, '--bind_ip', '127.0.0.1', '--port', String(options.port)],
    ...['--dbpath', options.dbPath, '--storageEngine', 'wiredTiger'],
    ...['--wiredTigerCacheSizeGB', String(options.cacheSizeGb), '--oplogSize', '1024'],
    ...(process.platform === 'win32' ? [] : ['--nounixsocket']),
    // What a killed process left open stays locked for so long, and half as long again; ours last 5 s at most.
    ...['--setParameter', 'transactionLifetimeLimitSeconds=5'],
    ...['--setParameter', 'diagnosticDataCollectionEnabled=false'],
    ...['--quiet', '--slowms', '1000'],
  ];
}

/** mongod logs JSON and its whole shutdown: errors, fatal ones and what is not JSON say why it ended. */
function isNotable(line: string): boolean {
  return !line.startsWith('{') || /"s":"[EF]"/.test(line);
}
