import { cp, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Stack } from '../processes/stack.ts';
import { startGenerator } from '../processes/start-generator.ts';
import { startSink } from '../processes/start-sink.ts';
import { startServers } from '../systems/servers.ts';
import type { BenchContext, RunGround } from './environment.ts';

/** Fresh servers, on a copy of stored data if there is any, a sink and a generator. Stopped and removed by its stack. */
export async function prepareGround(
  context: BenchContext,
  { storedDataDir }: { storedDataDir: string | null },
): Promise<RunGround> {
  const { binaries, folder, signal, say } = context;
  const stack = new Stack((name, error) => say(`${name} did not stop: ${String(error)}`));
  try {
    const dataDir = await mkdtemp(join(folder, 'run-'));
    stack.push('data', async () => rm(dataDir, { recursive: true, force: true }));
    if (storedDataDir !== null) await cp(storedDataDir, join(dataDir, 'mongodb'), { recursive: true });
    const servers = await startServers(binaries, { dataDir, signal });
    stack.push('servers', servers.stop);
    const sink = await startSink();
    stack.push('sink', sink.process.stop);
    const generator = await startGenerator();
    stack.push('generator', generator.process.stop);
    return { stack, servers, sink, generator, dataDir };
  } catch (error) {
    await stack.close();
    throw error;
  }
}
