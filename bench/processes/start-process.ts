import type { ChildProcess, Serializable } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** A process the bench started. Its pid is the only thing it is ever stopped by. */
export interface BenchProcess {
  name: string;
  pid: number;
  child: ChildProcess;
  /** The last lines it printed, for the error that says it failed. */
  lastLines: () => string;
  hasExited: () => boolean;
  send: (message: Serializable) => void;
  kill: (signal: NodeJS.Signals) => void;
  /** SIGTERM, and SIGKILL when that is not enough within 15 s. */
  stop: () => Promise<void>;
}

export interface StartProcessOptions {
  name: string;
  /** Script and arguments, run by this very Node. */
  args: string[];
  env?: Record<string, string>;
  cwd?: string;
}

const STOP_TIMEOUT_MS = 15_000;
const KEPT_LINES = 30;

/**
 * Starts a Node process with a channel for messages, in a process group of its own: Ctrl-C reaches the bench alone, which
 * stops things in order. Should the bench exit by itself, the process is killed.
 */
export async function startProcess(options: StartProcessOptions): Promise<BenchProcess> {
  const { name, args, env = {}, cwd } = options;
  const child = spawn(process.execPath, args, {
    ...(cwd !== undefined && { cwd }),
    env: { ...process.env, ...env },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    serialization: 'advanced',
  });
  const lines: string[] = [];
  const keep = (chunk: Buffer): void => {
    lines.push(...chunk.toString('utf8').trimEnd().split('\n'));
    lines.splice(0, Math.max(0, lines.length - KEPT_LINES));
  };
  child.stdout?.on('data', keep);
  child.stderr?.on('data', keep);
  const killWithUs = (): void => void child.kill('SIGKILL');
  process.once('exit', killWithUs);
  let exited = false;
  const exit = once(child, 'exit').then(() => {
    exited = true;
    process.off('exit', killWithUs);
  });
  await once(child, 'spawn');
  return {
    name,
    pid: child.pid ?? 0,
    child,
    lastLines: () => lines.join('\n'),
    hasExited: () => exited,
    send: (message) => void child.send(message),
    kill: (signal) => void child.kill(signal),
    stop: async () => {
      child.kill('SIGTERM');
      const force = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
      await exit;
      clearTimeout(force);
    },
  };
}
