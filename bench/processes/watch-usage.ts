import type { Usage } from './usage.ts';
import { readUsage } from './usage.ts';

/** A part of the system under test and the process that plays it. Two processes may play one part. */
export interface Role {
  role: string;
  pid: number;
}

export type UsageByRole = Record<string, { cpuSeconds: number; peakRssBytes: number }>;

interface Watched extends Role {
  first: Usage | null;
  last: Usage | null;
  peakRssBytes: number;
}

const EVERY_MS = 250;

/**
 * Watches what processes use from now on. Sampled, so that a process that is killed meanwhile counts up to its last
 * sample; `add` takes one that is started later, from its beginning.
 */
export async function watchUsage(
  roles: readonly Role[],
  onSample: (rssBytes: Record<string, number>) => void = () => undefined,
): Promise<{
  add: (role: Role) => void;
  stop: () => Promise<UsageByRole>;
}> {
  const watched: Watched[] = await Promise.all(
    roles.map(async (role) => ({ ...role, first: await readUsage(role.pid), last: null, peakRssBytes: 0 })),
  );
  const sample = async (): Promise<void> => {
    const rssBytes: Record<string, number> = {};
    for (const entry of watched) {
      const usage = await readUsage(entry.pid);
      if (!usage) continue;
      entry.last = usage;
      entry.peakRssBytes = Math.max(entry.peakRssBytes, usage.rssBytes);
      rssBytes[entry.role] = (rssBytes[entry.role] ?? 0) + usage.rssBytes;
    }
    onSample(rssBytes);
  };
  await sample();
  let running = Promise.resolve();
  const timer = setInterval(() => {
    running = running.then(sample);
  }, EVERY_MS);
  return {
    add: (role) => {
      watched.push({ ...role, first: { cpuSeconds: 0, rssBytes: 0 }, last: null, peakRssBytes: 0 });
    },
    stop: async () => {
      clearInterval(timer);
      await running;
      await sample();
      return sumByRole(watched);
    },
  };
}

function sumByRole(watched: readonly Watched[]): UsageByRole {
  const sums: UsageByRole = {};
  for (const { role, first, last, peakRssBytes } of watched) {
    const sum = sums[role] ?? { cpuSeconds: 0, peakRssBytes: 0 };
    sum.cpuSeconds += (last?.cpuSeconds ?? 0) - (first?.cpuSeconds ?? 0);
    sum.peakRssBytes += peakRssBytes;
    sums[role] = sum;
  }
  return sums;
}
