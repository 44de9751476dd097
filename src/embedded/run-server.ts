import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** How a server ended, with the last lines worth reading of what it printed. */
export interface ServerExit {
  code: number | null;
  signal: NodeJS.Signals | null;
  lastLines: string[];
}

/** A server process of ours. `exited` resolves however it ends and never rejects. */
export interface RunningServer {
  readonly pid: number;
  /** Asks it to end, then makes it; resolves once it is gone. */
  stop(): Promise<void>;
  kill(signal?: NodeJS.Signals): void;
  readonly exited: Promise<ServerExit>;
}

export interface RunServerOptions {
  binary: string;
  args: string[];
  /** Picks the lines kept for an error message; all of them by default. */
  isNotable?: (line: string) => boolean;
  onLog?: ((line: string) => void) | undefined;
  stopTimeoutMs?: number;
}

const KEPT_LINES = 20;
const STOP_TIMEOUT_MS = 20_000;

/**
 * Starts a server in a process group of its own, so that Ctrl-C in a terminal reaches us alone and we stop things in
 * order. It is told to end when this process exits by itself.
 */
export async function runServer(options: RunServerOptions): Promise<RunningServer> {
  const child = spawn(options.binary, options.args, { detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  const lastLines: string[] = [];
  const keep = (line: string): void => {
    options.onLog?.(line);
    if (options.isNotable !== undefined && !options.isNotable(line)) return;
    lastLines.push(line);
    if (lastLines.length > KEPT_LINES) lastLines.shift();
  };
  for (const stream of [child.stdout, child.stderr]) createInterface({ input: stream }).on('line', keep);
  const endWithUs = (): void => void child.kill();
  process.once('exit', endWithUs);
  child.on('error', (error) => keep(error.message));
  const exited = new Promise<ServerExit>((resolve) => {
    child.once('close', (code, signal) => {
      process.off('exit', endWithUs);
      resolve({ code, signal, lastLines });
    });
  });
  await once(child, 'spawn');
  return {
    pid: child.pid ?? 0,
    exited,
    kill: (signal) => void child.kill(signal),
    stop: async () => {
      child.kill('SIGTERM');
      const force = setTimeout(() => child.kill('SIGKILL'), options.stopTimeoutMs ?? STOP_TIMEOUT_MS);
      await exited;
      clearTimeout(force);
    },
  };
}
