import { nowMs } from '../clock.ts';
import { freePorts } from '../../src/embedded/free-ports.ts';
import { compiled } from '../processes/compiled.ts';
import type { BenchProcess } from '../processes/start-process.ts';
import { startProcess } from '../processes/start-process.ts';
import { waitUntil } from '../sleep.ts';
import { toNodeArguments, toSettings } from './settings.ts';
import { startServing } from './start-serving.ts';
import type { RunningSystem, StartSystemInput } from './system.ts';

export interface SplitOptions {
  workers: number;
  /** Leaves the workers out until `startWorkers`: an outage. */
  withoutWorkers?: boolean;
}

const SETUP_TIMEOUT_MS = 60_000;

/** Starts an API process and a number of worker processes. */
export async function startSplit(
  input: StartSystemInput,
  { workers, withoutWorkers = false }: SplitOptions,
): Promise<RunningSystem> {
  const settings = toSettings(input);
  const running: BenchProcess[] = [];
  const stop = async () => {
    await Promise.all(running.splice(0).map((started) => started.stop()));
  };
  const launch = async (command: 'api' | 'worker') => {
    const [port = 0] = await freePorts(1);
    const url = `http://127.0.0.1:${port}`;
    const env = { ...settings, PORT: String(port), METRICS_PORT: String(port) };
    const args = [...toNodeArguments(input), compiled('src/cli.js'), command];
    const started = await startServing({
      name: command,
      args,
      env,
      cwd: input.dataDir,
      url,
      signal: input.signal,
    });
    running.push(started);
    return { url, role: { role: command, pid: started.pid } };
  };
  const startWorkers = async () => {
    const startedAt = nowMs();
    // One after the other: together they would take each other's start-up for a timeout on a small machine.
    const roles = [];
    for (let index = 0; index < workers; index += 1) roles.push((await launch('worker')).role);
    return { startedAt, readyAt: nowMs(), roles };
  };
  try {
    await runSetup(input, settings);
    const api = await launch('api');
    const { roles } = withoutWorkers ? { roles: [] } : await startWorkers();
    return {
      urls: [api.url],
      apiKey: settings.BOOTSTRAP_API_KEY,
      roles: [api.role, ...roles],
      ...(withoutWorkers && { startWorkers }),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function runSetup(
  { dataDir, signal }: StartSystemInput,
  settings: Record<string, string>,
): Promise<void> {
  const setup = await startProcess({
    name: 'setup',
    args: [compiled('src/cli.js'), 'setup'],
    env: settings,
    cwd: dataDir,
  });
  try {
    const what = 'tablehook setup';
    await waitUntil(async () => setup.hasExited(), { what, timeoutMs: SETUP_TIMEOUT_MS, signal });
  } finally {
    if (!setup.hasExited()) await setup.stop();
  }
  if (setup.child.exitCode !== 0) throw new Error(`tablehook setup failed:\n${setup.lastLines()}`);
}
