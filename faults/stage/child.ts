import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync, closeSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { waitUntil } from '../../bench/sleep.ts';
import { compiled } from '../../bench/processes/compiled.ts';

/** Something that runs in a process of its own, and can be killed and started again in the same place. */
export interface Part {
  name: string;
  /** Kills it as a crash would, and waits until it is gone. */
  kill: () => Promise<void>;
  /** Starts it, and waits until it serves. Does nothing while it runs. */
  start: () => Promise<void>;
  /** Lets it end in order. */
  stop: () => Promise<void>;
  /** Of the process now; null while there is none. */
  pid: () => number | null;
}

/** A part as the stage makes it: how one process of it is started. */
export interface PartProcess {
  pid: number;
  kill: (signal: NodeJS.Signals) => void;
  exited: Promise<unknown>;
}

const STOP_TIMEOUT_MS = 15_000;

/** Makes a part of what starts one process of it. */
export function openPart(name: string, launch: () => Promise<PartProcess>): Part {
  let running: PartProcess | null = null;
  const end = async (signal: NodeJS.Signals) => {
    const ending = running;
    if (!ending) return;
    ending.kill(signal);
    const force = setTimeout(() => ending.kill('SIGKILL'), STOP_TIMEOUT_MS);
    await ending.exited;
    clearTimeout(force);
    if (running === ending) running = null;
  };
  return {
    name,
    kill: async () => end('SIGKILL'),
    stop: async () => end('SIGTERM'),
    start: async () => {
      if (running) return;
      const started = await launch();
      running = started;
      void started.exited.then(() => {
        if (running === started) running = null;
      });
    },
    pid: () => running?.pid ?? null,
  };
}

export interface CommandOptions {
  command: 'api' | 'worker' | 'setup';
  /** What its log is called. */
  name: string;
  folder: string;
  env: Record<string, string>;
}

/** Runs a command of the compiled program; what it prints is added to `<name>.log`. */
export async function runCommand({ command, name, folder, env }: CommandOptions): Promise<PartProcess> {
  const log = openSync(join(folder, `${name}.log`), 'a');
  const { PATH = '', HOME = '' } = process.env;
  const child = spawn(process.execPath, [compiled('src/cli.js'), command], {
    cwd: folder,
    env: { PATH, HOME, ...env },
    detached: true,
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  const killWithUs = (): void => void child.kill('SIGKILL');
  process.once('exit', killWithUs);
  const exited = once(child, 'exit').then(([code]) => {
    process.off('exit', killWithUs);
    return code as number | null;
  });
  await once(child, 'spawn');
  return { pid: child.pid ?? 0, kill: (signal) => void child.kill(signal), exited };
}

const START_TIMEOUT_MS = 120_000;

/** Runs a command that serves on a port, and waits until it says that it is ready. */
export async function runServing(options: CommandOptions & { port: number }): Promise<PartProcess> {
  const started = await runCommand(options);
  let ended = false;
  void started.exited.then(() => {
    ended = true;
  });
  const what = `the start of ${options.name}`;
  await waitUntil(
    async () => {
      if (ended) throw new Error(`${options.name} ended:\n${await lastLines(options)}`);
      return isReady(`http://127.0.0.1:${options.port}`);
    },
    { what, timeoutMs: START_TIMEOUT_MS, everyMs: 50 },
  );
  return started;
}

/** The last lines of a command's log. */
export async function lastLines({ name, folder }: Pick<CommandOptions, 'name' | 'folder'>): Promise<string> {
  const text = await readFile(join(folder, `${name}.log`), 'utf8').catch(() => '');
  return text.trimEnd().split('\n').slice(-20).join('\n');
}

async function isReady(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(2_000) })).ok;
  } catch {
    return false;
  }
}
