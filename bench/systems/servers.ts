import { join } from 'node:path';
import { loadConfig } from '../../src/config.ts';
import { toCliSearchAttributes } from '../../src/temporal/search-attributes.ts';
import { resolveMongod } from '../../src/embedded/resolve-mongod.ts';
import { resolveTemporal } from '../../src/embedded/resolve-temporal.ts';
import { startMongod } from '../../src/embedded/start-mongod.ts';
import { startTemporal } from '../../src/embedded/start-temporal.ts';
import type { Role } from '../processes/watch-usage.ts';

/** The real servers of one run, on data of their own. */
export interface Servers {
  mongodbUri: string;
  temporalAddress: string;
  roles: Role[];
  temporalPid: number;
  stop: () => Promise<void>;
}

export interface ServerVersions {
  mongod: string;
  temporal: string;
}

export interface Binaries {
  mongod: string;
  temporal: string;
  versions: ServerVersions;
}

/** Finds, or fetches once, the servers' binaries as the product does. */
export async function findBinaries(onProgress: (line: string) => void): Promise<Binaries> {
  const { path, cacheDir, mongodPath, temporalCliPath } = loadConfig('standalone');
  const common = { path, cacheDir, onProgress };
  const mongod = await resolveMongod({ ...common, explicitPath: mongodPath });
  const temporal = await resolveTemporal({ ...common, explicitPath: temporalCliPath });
  const versions = { mongod: mongod.version, temporal: temporal.version };
  return { mongod: mongod.path, temporal: temporal.path, versions };
}

/** Starts mongod and Temporal in a folder. */
export async function startServers(
  binaries: Binaries,
  { dataDir, signal }: { dataDir: string; signal: AbortSignal },
): Promise<Servers> {
  const mongod = await startMongod({
    binary: binaries.mongod,
    dataDir: join(dataDir, 'mongodb'),
    port: 0,
    signal,
  });
  try {
    const temporal = await startTemporal({
      binary: binaries.temporal,
      dataDir: join(dataDir, 'temporal'),
      port: 0,
      uiPort: null,
      searchAttributes: toCliSearchAttributes(),
      signal,
    });
    return {
      mongodbUri: mongod.uri,
      temporalAddress: temporal.address,
      temporalPid: temporal.pid,
      roles: [
        { role: 'mongod', pid: mongod.pid },
        { role: 'temporal', pid: temporal.pid },
      ],
      stop: async () => {
        await temporal.stop();
        await mongod.stop();
      },
    };
  } catch (error) {
    await mongod.stop();
    throw error;
  }
}
