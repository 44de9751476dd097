import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const CLI = fileURLToPath(new URL('../../dist/src/cli.js', import.meta.url));

/** How a command ended, and what it printed where. */
export interface Ran {
  code: number | null;
  stdout: string;
  stderr: string;
}

export interface RunCommandOptions {
  /** All of its environment, besides PATH and HOME. */
  env?: Record<string, string>;
  /** A folder without a `.env` and a kept key of somebody's. */
  cwd: string;
  /** What it reads from stdin; nothing unless given. */
  input?: string;
  /** Options of node itself. */
  nodeOptions?: string[];
}

/** Runs a command of the built CLI to its end, as a process of its own. */
export async function runCommand(
  args: string[],
  { env = {}, cwd, input = '', nodeOptions = [] }: RunCommandOptions,
): Promise<Ran> {
  const { PATH = '', HOME = '' } = process.env;
  const child = spawn(process.execPath, [...nodeOptions, CLI, ...args], {
    cwd,
    env: { PATH, HOME, ...env },
    timeout: 120_000,
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (stdout += chunk));
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk));
  child.stdin.on('error', () => undefined).end(input);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, stdout, stderr }));
  });
}
