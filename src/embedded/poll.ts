import { setTimeout as pause } from 'node:timers/promises';

export interface PollOptions {
  timeoutMs: number;
  intervalMs: number;
  signal?: AbortSignal | undefined;
}

/** Calls `probe` until it answers something other than undefined. Undefined when the time is up or the signal fires. */
export async function poll<T>(
  probe: () => Promise<T | undefined>,
  options: PollOptions,
): Promise<T | undefined> {
  const deadline = performance.now() + options.timeoutMs;
  for (;;) {
    if (options.signal?.aborted) return undefined;
    const answer = await probe();
    if (answer !== undefined) return answer;
    if (performance.now() + options.intervalMs > deadline) return undefined;
    await pause(options.intervalMs);
  }
}
