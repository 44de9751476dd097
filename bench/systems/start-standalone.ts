import { once } from 'node:events';
import { nowMs } from '../clock.ts';
import { freePorts } from '../../src/embedded/free-ports.ts';
import { compiled } from '../processes/compiled.ts';
import { toNodeArguments, toSettings } from './settings.ts';
import { startServing } from './start-serving.ts';
import type { RunningSystem, StartSystemInput } from './system.ts';

/** What runs in the one process: the product, or a baseline. */
export interface StandaloneProgram {
  script: string;
  args: string[];
}

export const TABLEHOOK: StandaloneProgram = { script: 'src/cli.js', args: ['start'] };

/** Starts a system of one process: API and worker in one. */
export async function startStandalone(
  input: StartSystemInput,
  { script, args }: StandaloneProgram,
): Promise<RunningSystem> {
  const [port = 0] = await freePorts(1);
  const url = `http://127.0.0.1:${port}`;
  const settings = { ...toSettings(input), PORT: String(port) };
  const launch = async () => {
    return startServing({
      name: script,
      args: [...toNodeArguments(input), compiled(script), ...args],
      env: settings,
      cwd: input.dataDir,
      url,
      signal: input.signal,
    });
  };
  let current = await launch();
  return {
    urls: [url],
    apiKey: settings.BOOTSTRAP_API_KEY,
    roles: [{ role: 'standalone', pid: current.pid }],
    restart: async () => {
      const exit = once(current.child, 'exit');
      current.kill('SIGKILL');
      await exit;
      const restartedAt = nowMs();
      current = await launch();
      const role = { role: 'standalone, restarted', pid: current.pid };
      return { restartedAt, readyAt: nowMs(), role };
    },
    stop: async () => current.stop(),
  };
}
