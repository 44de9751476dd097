import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../errors.ts';
import { createExclusive } from './create-exclusive.ts';
import { poll } from './poll.ts';
import { findProcess, identifyProcess, type ProcessIdentity } from './process-identity.ts';

export interface ClaimDataDirOptions {
  dataDir: string;
  /** The server's name, as its command line shows it. */
  name: string;
  onProgress?: ((line: string) => void) | undefined;
}

/** The right to run one server on a data folder. */
export interface DataDirClaim {
  /** Writes down the server's process, so that a later start can stop it should we be killed. */
  record(pid: number): Promise<void>;
  release(): Promise<void>;
}

interface ClaimFile {
  owner: ProcessIdentity;
  server: ProcessIdentity | null;
}

/**
 * Claims a data folder, creating it if need be. A server left behind by a process that was killed is stopped first;
 * a folder in use by a live process is refused.
 */
export async function claimDataDir(options: ClaimDataDirOptions): Promise<DataDirClaim> {
  // The servers' files hold what is in the records, and some are readable by all.
  await mkdir(options.dataDir, { recursive: true, mode: 0o700 });
  const file = join(options.dataDir, 'server.json');
  const owner = await identify(process.pid);
  const claim = (server: ProcessIdentity | null): string =>
    JSON.stringify({ owner, server } satisfies ClaimFile);
  while (!(await createExclusive(file, claim(null)))) {
    const found = await readClaim(file);
    if (found !== null) await clear(found, options);
    await rm(file, { force: true });
  }
  const isOurs = async (): Promise<boolean> => {
    const found = await readClaim(file);
    return found?.owner.pid === owner.pid && found.owner.startedAt === owner.startedAt;
  };
  return {
    record: async (pid) => {
      // Two starts can both clear what a killed one left; whoever finds its claim replaced gives way.
      if (!(await isOurs()))
        throw new AppError('unavailable', `Another process has taken over ${options.dataDir}.`);
      await writeFile(file, claim(await identify(pid)));
    },
    release: async () => {
      if (await isOurs()) await rm(file, { force: true });
    },
  };
}

async function clear({ owner, server }: ClaimFile, options: ClaimDataDirOptions): Promise<void> {
  const { name, dataDir, onProgress } = options;
  const liveOwner = await findProcess(owner);
  const liveServer = server === null ? null : await findProcess(server);
  const isServer = liveServer?.command.includes(dataDir) ?? false;
  if (liveOwner !== null && (server === null || isServer)) {
    const message = `Process ${owner.pid} already runs ${name} on ${dataDir}: stop it, or set DATA_DIR to another folder.`;
    throw new AppError('unavailable', message);
  }
  if (server === null || !isServer) return;
  onProgress?.(`${name}: stopping process ${server.pid}, left behind on ${dataDir} by process ${owner.pid}`);
  if (await end(server, 'SIGTERM', 20_000)) return;
  if (await end(server, 'SIGKILL', 5000)) return;
  throw new AppError(
    'unavailable',
    `Process ${server.pid} (${name}) holds ${dataDir} and cannot be stopped.`,
  );
}

async function end(server: ProcessIdentity, signal: NodeJS.Signals, timeoutMs: number): Promise<boolean> {
  try {
    process.kill(server.pid, signal);
  } catch {
    // Gone in between: the check below sees it.
  }
  const gone = async (): Promise<true | undefined> =>
    (await findProcess(server)) === null ? true : undefined;
  return (await poll(gone, { timeoutMs, intervalMs: 50 })) ?? false;
}

async function identify(pid: number): Promise<ProcessIdentity> {
  const found = await identifyProcess(pid);
  return { pid, startedAt: found?.startedAt ?? '' };
}

/** A file nobody could have written whole is as good as none. */
async function readClaim(file: string): Promise<ClaimFile | null> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as ClaimFile;
  } catch {
    return null;
  }
}
