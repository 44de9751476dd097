import { join } from 'node:path';
import type { SearchAttribute } from './await-namespace.ts';
import type { ResolvedBinary } from './resolve-binary.ts';
import { resolveMongod } from './resolve-mongod.ts';
import { resolveTemporal } from './resolve-temporal.ts';
import type { RunningServer, ServerExit } from './run-server.ts';
import { startMongod } from './start-mongod.ts';
import { startTemporal } from './start-temporal.ts';

export interface EmbeddedServersOptions {
  dataDir: string;
  cacheDir: string;
  /** The PATH to search for binaries. */
  path: string;
  /** Given addresses are attached to, nothing is started for them. */
  mongodbUri?: string | undefined;
  temporalAddress?: string | undefined;
  mongodPath?: string | undefined;
  temporalCliPath?: string | undefined;
  temporalNamespace?: string | undefined;
  /** Ports: 0 is a free one. */
  mongodbPort: number;
  temporalPort: number;
  temporalUiPort: number;
  searchAttributes: SearchAttribute[];
  onProgress(line: string): void;
  /** Gives up a start that is under way. */
  signal?: AbortSignal | undefined;
}

/** A server that ended without having been told to. */
export interface ServerDeath extends ServerExit {
  server: 'mongod' | 'temporal';
}

export interface EmbeddedServers {
  mongodbUri: string;
  temporalAddress: string;
  temporalUiUrl: string | null;
  /** Stops what was started, Temporal first. */
  stop(): Promise<void>;
  /** Resolves only when a server dies by itself. */
  exited: Promise<ServerDeath>;
}

interface Part {
  address: string;
  uiUrl: string | null;
  server: RunningServer | null;
}

/** Finds or fetches, then runs, what was not given an address. Either both servers can be used at the end or none runs. */
export async function startEmbeddedServers(options: EmbeddedServersOptions): Promise<EmbeddedServers> {
  const failure = new AbortController();
  const signal = AbortSignal.any([failure.signal, ...(options.signal ? [options.signal] : [])]);
  const start = async (run: typeof runMongod): Promise<Part> => {
    try {
      return await run({ ...options, signal });
    } catch (error) {
      // The other one may be minutes from done: it need not finish for nothing.
      failure.abort(error);
      throw error;
    }
  };
  const [mongod, temporal] = await Promise.allSettled([start(runMongod), start(runTemporal)]);
  if (mongod.status === 'fulfilled' && temporal.status === 'fulfilled') {
    return compose(mongod.value, temporal.value);
  }
  for (const part of [temporal, mongod]) if (part.status === 'fulfilled') await part.value.server?.stop();
  throw failure.signal.reason;
}

function compose(mongod: Part, temporal: Part): EmbeddedServers {
  let stopping: Promise<void> | undefined;
  const stop = async (): Promise<void> => {
    await temporal.server?.stop();
    await mongod.server?.stop();
  };
  const exited = new Promise<ServerDeath>((resolve) => {
    const report = (server: ServerDeath['server'], part: Part): void => {
      void part.server?.exited.then((exit) => {
        if (stopping === undefined) resolve({ server, ...exit });
      });
    };
    report('mongod', mongod);
    report('temporal', temporal);
  });
  return {
    mongodbUri: mongod.address,
    temporalAddress: temporal.address,
    temporalUiUrl: temporal.uiUrl,
    stop: async () => await (stopping ??= stop()),
    exited,
  };
}

async function runMongod(options: EmbeddedServersOptions): Promise<Part> {
  const { mongodbUri, mongodPath: explicitPath, path, cacheDir, onProgress, signal } = options;
  if (mongodbUri !== undefined) {
    onProgress(`mongod: using the one given, ${mongodbUri.replace(/\/\/[^@/]*@/, '//')}`);
    return { address: mongodbUri, uiUrl: null, server: null };
  }
  const binary = await resolveMongod({ explicitPath, path, cacheDir, onProgress, signal });
  const dataDir = join(options.dataDir, 'mongodb');
  const server = await startMongod({
    binary: binary.path,
    dataDir,
    port: options.mongodbPort,
    onProgress,
    signal,
  });
  onProgress(describe('mongod', binary, `127.0.0.1:${server.port}`));
  return { address: server.uri, uiUrl: null, server };
}

async function runTemporal(options: EmbeddedServersOptions): Promise<Part> {
  const { temporalAddress, temporalCliPath: explicitPath, path, cacheDir, onProgress, signal } = options;
  if (temporalAddress !== undefined) {
    onProgress(`temporal: using the one given, ${temporalAddress}`);
    return { address: temporalAddress, uiUrl: null, server: null };
  }
  const binary = await resolveTemporal({ explicitPath, path, cacheDir, onProgress, signal });
  const server = await startTemporal({
    binary: binary.path,
    dataDir: join(options.dataDir, 'temporal'),
    port: options.temporalPort,
    uiPort: options.temporalUiPort,
    namespace: options.temporalNamespace,
    searchAttributes: options.searchAttributes,
    onProgress,
    signal,
  });
  onProgress(describe('temporal', binary, `${server.address}, UI at ${server.uiUrl ?? 'none'}`));
  return { address: server.address, uiUrl: server.uiUrl, server };
}

function describe(name: string, binary: ResolvedBinary, where: string): string {
  const origins = {
    environment: 'named in the environment',
    path: 'found on PATH',
    cache: 'from the cache',
    download: 'downloaded',
    mirror: 'from a package mirror',
  };
  return `${name}: ${binary.version}, ${origins[binary.origin]} (${binary.path}), at ${where}`;
}
