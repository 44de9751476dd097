import { readFile } from 'node:fs/promises';

/** What a process used so far, from /proc: CPU-seconds of all its threads, user and system, and resident bytes. */
export interface Usage {
  cpuSeconds: number;
  rssBytes: number;
}

/** USER_HZ, which is 100 on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100;
const PAGE_BYTES = 4096;

/** Reads a process's usage; null when it is gone, or the system has no /proc. */
export async function readUsage(pid: number): Promise<Usage | null> {
  try {
    return parseStat(await readFile(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return null;
  }
}

/** Reads /proc/<pid>/stat. The name in parentheses may hold anything, so fields count from the last one. */
export function parseStat(stat: string): Usage {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [utime, stime, pages] = [fields[11], fields[12], fields[21]].map(Number);
  return {
    cpuSeconds: ((utime ?? 0) + (stime ?? 0)) / TICKS_PER_SECOND,
    rssBytes: (pages ?? 0) * PAGE_BYTES,
  };
}
