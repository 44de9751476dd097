import { setTimeout } from 'node:timers/promises';

/** Waits; rejects at once when the bench is interrupted. */
export async function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  await setTimeout(ms, undefined, signal ? { signal } : undefined);
}

export interface WaitOptions {
  what: string;
  timeoutMs: number;
  everyMs?: number;
  signal?: AbortSignal | undefined;
}

/** Asks again and again until `probe` answers true; throws when that takes longer than `timeoutMs`. */
export async function waitUntil(probe: () => Promise<boolean>, options: WaitOptions): Promise<void> {
  const { what, timeoutMs, everyMs = 50, signal } = options;
  const deadline = performance.now() + timeoutMs;
  while (!(await probe())) {
    if (performance.now() > deadline) throw new Error(`${what} took longer than ${timeoutMs} ms`);
    await sleep(everyMs, signal);
  }
}
