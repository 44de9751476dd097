const RETRIES = 2;
const MAX_WAIT_MS = 30_000;

type Fetch = (request: Request) => Promise<Response>;

/**
 * A fetch that waits out, by `Retry-After` and at most 30 s each time, a 429 of any request, which did nothing, and a 503 of
 * one that may be repeated: a GET, or one with an Idempotency-Key.
 */
export function retryFetch(fetch: Fetch, retries = RETRIES): Fetch {
  return async (request) => {
    for (let left = retries; ; left -= 1) {
      const response = await fetch(left > 0 ? request.clone() : request);
      const waitMs = waitOf(request, response);
      if (left <= 0 || waitMs === null) return response;
      await response.body?.cancel();
      await wait(waitMs, request.signal);
    }
  };
}

function waitOf(request: Request, { status, headers }: Response): number | null {
  const repeatable = request.method === 'GET' || request.headers.has('idempotency-key');
  if (status !== 429 && !(status === 503 && repeatable)) return null;
  const seconds = Number(headers.get('retry-after') ?? Number.NaN);
  return Number.isFinite(seconds) ? Math.min(seconds * 1000, MAX_WAIT_MS) : null;
}

async function wait(ms: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  await new Promise<void>((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop);
      resolve();
    }, ms);
    signal.addEventListener('abort', stop, { once: true });
  });
}
