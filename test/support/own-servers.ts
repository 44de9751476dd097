import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig } from '../../src/config.ts';
import { resolveMongod } from '../../src/embedded/resolve-mongod.ts';
import { resolveTemporal } from '../../src/embedded/resolve-temporal.ts';
import type { RunningMongod } from '../../src/embedded/start-mongod.ts';
import { startMongod } from '../../src/embedded/start-mongod.ts';
import type { RunningTemporal } from '../../src/embedded/start-temporal.ts';
import { toCliSearchAttributes } from '../../src/temporal/search-attributes.ts';
import { startTemporal } from '../../src/embedded/start-temporal.ts';

/** Where a server keeps its data, and the port it must have again after a restart; 0 is a free one. */
export interface OwnServerOptions {
  dataDir: string;
  port?: number;
}

/** A folder for one test file, and how to remove it. */
export async function makeFolder(): Promise<{ path: string; remove: () => Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'tablehook-own-'));
  return { path, remove: async () => rm(path, { recursive: true, force: true, maxRetries: 5 }) };
}

/** A Temporal server of a test's own, which it may stop, kill and start again on the same data and port. */
export async function startOwnTemporal({ dataDir, port = 0 }: OwnServerOptions): Promise<RunningTemporal> {
  const binary = await resolveTemporal(resolveOptions());
  return startTemporal({
    binary: binary.path,
    dataDir,
    port,
    uiPort: null,
    searchAttributes: toCliSearchAttributes(),
  });
}

/** A mongod of a test's own, which it may stop, kill and start again on the same data and port. */
export async function startOwnMongod({ dataDir, port = 0 }: OwnServerOptions): Promise<RunningMongod> {
  const binary = await resolveMongod(resolveOptions());
  return startMongod({ binary: binary.path, dataDir, port, cacheSizeGb: 0.25 });
}

/** Kills a server as a crash of its machine would, and waits until it is gone. */
export async function crash(server: RunningMongod | RunningTemporal): Promise<void> {
  server.kill('SIGKILL');
  // Not only `exited`: `stop` also waits until the claim of the data folder is given back.
  await server.stop();
}

function resolveOptions() {
  const { path, cacheDir } = loadConfig('standalone');
  return { explicitPath: undefined, path, cacheDir, onProgress: () => undefined };
}
