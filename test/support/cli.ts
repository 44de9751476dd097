import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { until } from './until.ts';

const CLI = fileURLToPath(new URL('../../dist/src/cli.js', import.meta.url));

/** How a process ended. */
export interface Ended {
  code: number | null;
  signal: NodeJS.Signals | null;
}

/** A process of the built CLI. */
export interface CliProcess {
  pid: number;
  /** What it printed so far, on both streams. */
  output: () => string;
  /** Waits until it has printed something; answers the match. Rejects when it ends before that. */
  printed: (pattern: RegExp) => Promise<RegExpExecArray>;
  kill: (signal: NodeJS.Signals) => void;
  ended: Promise<Ended>;
}

export interface RunCliOptions {
  /** All of its environment, besides PATH and HOME. */
  env: Record<string, string>;
  /** A folder without a `.env` of somebody's. */
  cwd: string;
}

const running = new Set<ChildProcess>();

/** Runs `node dist/src/cli.js …` as a process of its own, of the build that `npm test` makes first. */
export function runCli(args: string[], { env, cwd }: RunCliOptions): CliProcess {
  const { PATH = '', HOME = '' } = process.env;
  const child = spawn(process.execPath, [CLI, ...args], {
    cwd,
    env: { PATH, HOME, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      output += chunk;
    });
  }
  let ended: Ended | null = null;
  const end = new Promise<Ended>((resolve) => {
    child.once('close', (code, signal) => {
      running.delete(child);
      ended = { code, signal };
      resolve(ended);
    });
  });
  return {
    pid: child.pid ?? 0,
    output: () => output,
    printed: async (pattern) =>
      until(
        async () => {
          const match = pattern.exec(output);
          if (!match && ended) throw new Error(`tablehook ${args.join(' ')} ended; it printed:\n${output}`);
          return match;
        },
        { what: `${String(pattern)} from tablehook ${args.join(' ')}`, timeoutMs: 120_000 },
      ),
    kill: (signal) => void child.kill(signal),
    ended: end,
  };
}

/** Kills what a test that failed has left running. For `afterAll`. */
export async function killLeftovers(): Promise<void> {
  await Promise.all(
    [...running].map(async (child) => {
      const closed = new Promise((resolve) => child.once('close', resolve));
      child.kill('SIGKILL');
      await closed;
    }),
  );
}
