const RETRIES = 2;
const MAX_WAIT_MS = 30_000;

type Fetch = (request: Request) => Promise<Response>;

/**
 * A fetch that waits out, by `Retry-After` and at most 30 s each time, what did nothing, a 429 or a 503 `overloaded` of any
 * request, and every other 503 of one that may be repeated: a GET, or one with an Idempotency-Key.
 */
export function retryFetch(fetch: Fetch, retries = RETRIES): Fetch {
  return async (request) => {
    for (let left = retries; ; left -= 1) {
      const response = await fetch(left > 0 ? request.clone() : request);
      const waitMs = left > 0 ? await waitOf(request, response) : null;
      if (waitMs === null) return response;
      await response.body?.cancel();
      await wait(waitMs, request.signal);
    }
  };
}

async function waitOf(request: Request, response: Response): Promise<number | null> {
  const { status, headers } = response;
  const seconds = Number(headers.get('retry-after') ?? Number.NaN);
  if (!Number.isFinite(seconds)) return null;
  const repeatable = request.method === 'GET' || request.headers.has('idempotency-key');
  const maySend = status === 429 || (status === 503 && (repeatable || (await isOverloaded(response))));
  return maySend ? Math.min(seconds * 1000, MAX_WAIT_MS) : null;
}

async function isOverloaded(response: Response): Promise<boolean> {
  const problem: unknown = await response
    .clone()
    .json()
    .catch(() => null);
  return (
    typeof problem === 'object' && problem !== null && 'code' in problem && problem.code === 'overloaded'
  );
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
