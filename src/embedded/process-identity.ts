import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

/** A process for good: pids are used again, a pid with its start time is not. */
export interface ProcessIdentity {
  pid: number;
  startedAt: string;
}

export interface LiveProcess extends ProcessIdentity {
  command: string;
}

const run = promisify(execFile);

/** The live process with this pid; null when there is none, it is a zombie, or the system does not tell. */
export async function identifyProcess(pid: number): Promise<LiveProcess | null> {
  if (process.platform === 'linux') return await readProc(pid);
  if (process.platform === 'win32') return null;
  return await askPs(pid);
}

/** The live process, provided it is still the very one that was written down. */
export async function findProcess(identity: ProcessIdentity): Promise<LiveProcess | null> {
  const found = await identifyProcess(identity.pid);
  return found?.startedAt === identity.startedAt ? found : null;
}

async function readProc(pid: number): Promise<LiveProcess | null> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    // The command name in parentheses may hold spaces and parentheses itself: count from the last one.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const [state, startedAt] = [fields[0], fields[19]];
    if (state === undefined || 'ZX'.includes(state) || startedAt === undefined) return null;
    const command = (await readFile(`/proc/${pid}/cmdline`, 'utf8')).replaceAll('\0', ' ').trim();
    return { pid, startedAt, command };
  } catch {
    return null;
  }
}

async function askPs(pid: number): Promise<LiveProcess | null> {
  try {
    const { stdout } = await run('ps', ['-o', 'stat=,lstart=,command=', '-p', String(pid)]);
    const [state, ...rest] = stdout.trim().split(/\s+/);
    if (state === undefined || state.startsWith('Z')) return null;
    return { pid, startedAt: rest.slice(0, 5).join(' '), command: rest.slice(5).join(' ') };
  } catch {
    return null;
  }
}
