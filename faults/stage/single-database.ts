import { join } from 'node:path';
import { freePorts } from '../../src/embedded/free-ports.ts';
import { startMongod } from '../../src/embedded/start-mongod.ts';
import { openPart } from './child.ts';
import type { Database } from './database.ts';
import { openLineLog } from './line-log.ts';

export interface SingleDatabaseOptions {
  binary: string;
  folder: string;
  /** Where its data is, when not in the folder. */
  dataDir?: string;
}

/** Starts one mongod, a replica set of its own, that links can lead to. */
export async function openSingleDatabase({
  binary,
  folder,
  dataDir = join(folder, 'mongodb'),
}: SingleDatabaseOptions): Promise<Database> {
  const [port = 0] = await freePorts(1);
  const onLog = openLineLog(folder, 'mongod');
  const node = openPart('mongod', async () => {
    const server = await startMongod({ binary, dataDir, port, cacheSizeGb: 0.25, onLog });
    // Only then is the claim on its folder given back, and another may start.
    return { pid: server.pid, kill: server.kill, exited: server.exited.then(async () => server.stop()) };
  });
  await node.start();
  return {
    uri: `mongodb://127.0.0.1:${port}/tablehook?directConnection=true`,
    linkedPort: port,
    nodes: [node],
    primary: async () => node,
    stepDown: async () => {
      throw new Error('A single node has nobody to step down for.');
    },
    isolate: null,
    fillDisk: null,
    close: async () => node.stop(),
  };
}
