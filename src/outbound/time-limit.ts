/** The one limit over a call: its own timeout or its caller's signal, whichever comes first. */
export interface TimeLimit {
  signal: AbortSignal;
  /** Rejects when the limit strikes. */
  struck: Promise<never>;
  /** What struck, if anything did. */
  cause(): 'timeout' | 'aborted' | null;
  /** Must be called when the call is over. */
  clear(): void;
}

/** Starts the limit of one call. A signal already aborted strikes at once. */
export function startTimeLimit({
  timeoutMs,
  signal,
}: {
  timeoutMs: number;
  signal?: AbortSignal;
}): TimeLimit {
  const controller = new AbortController();
  let cause: 'timeout' | 'aborted' | null = null;
  const strike = (by: 'timeout' | 'aborted') => {
    cause ??= by;
    controller.abort();
  };
  const struck = new Promise<never>((_, reject) => {
    controller.signal.addEventListener('abort', () => reject(controller.signal.reason), { once: true });
  });
  // The call may end without anyone having waited for it.
  struck.catch(() => undefined);
  const onAbort = () => strike('aborted');
  signal?.addEventListener('abort', onAbort, { once: true });
  const timer = setTimeout(strike, timeoutMs, 'timeout');
  if (signal?.aborted) onAbort();
  return {
    signal: controller.signal,
    struck,
    cause: () => cause,
    clear() {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
    },
  };
}
