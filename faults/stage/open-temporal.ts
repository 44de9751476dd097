import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { freePorts } from '../../src/embedded/free-ports.ts';
import { startTemporal } from '../../src/embedded/start-temporal.ts';
import { openPart } from './child.ts';
import { openLineLog } from './line-log.ts';
import type { TemporalPart } from './stage.ts';

/** Starts Temporal's development server. What it must know of Tablehook, `tablehook setup` tells it. */
export async function openTemporal(options: { binary: string; folder: string }): Promise<TemporalPart> {
  const { binary, folder } = options;
  const dataDir = join(folder, 'temporal');
  const [port = 0] = await freePorts(1);
  const onLog = openLineLog(folder, 'temporal');
  const part = openPart('temporal', async () => {
    const server = await startTemporal({ binary, dataDir, port, uiPort: null, onLog });
    return { pid: server.pid, kill: server.kill, exited: server.exited.then(async () => server.stop()) };
  });
  await part.start();
  return {
    ...part,
    address: `127.0.0.1:${port}`,
    empty: async () => {
      const files = ['temporal.db', 'temporal.db-wal', 'temporal.db-shm'];
      await Promise.all(files.map(async (file) => rm(join(dataDir, file), { force: true })));
    },
  };
}
