import { mkdir, readFile, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { createExclusive } from './create-exclusive.ts';
import { poll } from './poll.ts';
import { findProcess, identifyProcess, type ProcessIdentity } from './process-identity.ts';

export interface LockOptions {
  file: string;
  /** What the holder is busy with, for the line that explains the wait. */
  purpose: string;
  onProgress(line: string): void;
  timeoutMs?: number;
  signal?: AbortSignal | undefined;
}

const LONGEST_WORK_MS = 60 * 60_000;

/**
 * Does the work while holding a lock file, waiting for another process that holds it. A lock whose holder died is
 * taken over. Past the timeout the work is done without it, so it must be harmless to do twice.
 */
export async function withLock<T>(options: LockOptions, work: () => Promise<T>): Promise<T> {
  await mkdir(dirname(options.file), { recursive: true });
  const self: ProcessIdentity = { pid: process.pid, startedAt: '', ...(await identifyProcess(process.pid)) };
  const content = JSON.stringify({ pid: self.pid, startedAt: self.startedAt });
  let explained = false;
  const held = await poll(
    async () => {
      if (await createExclusive(options.file, content)) return true;
      const holder = await readHolder(options.file);
      if (holder === null) {
        await rm(options.file, { force: true });
        return (await createExclusive(options.file, content)) ? true : undefined;
      }
      if (!explained) options.onProgress(`waiting for process ${holder.pid}, which is ${options.purpose}`);
      explained = true;
      return undefined;
    },
    { timeoutMs: options.timeoutMs ?? LONGEST_WORK_MS, intervalMs: 250, signal: options.signal },
  );
  options.signal?.throwIfAborted();
  try {
    return await work();
  } finally {
    if (held) await rm(options.file, { force: true });
  }
}

async function readHolder(file: string): Promise<ProcessIdentity | null> {
  try {
    return await findProcess(JSON.parse(await readFile(file, 'utf8')) as ProcessIdentity);
  } catch {
    return null;
  }
}
