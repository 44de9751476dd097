import { ConnectError } from './connect-error.ts';
import { errorCodeOf } from './error-code-of.ts';
import { createHostLookup } from './lookup-host.ts';

/** All addresses of a host name, in the order the resolver gives them. */
export type HostLookup = (hostname: string) => Promise<string[]>;

/** A name with more addresses than this would have us knock at many doors in one attempt. */
const MOST_ADDRESSES = 32;

/**
 * A lookup bounded by `timeoutMs` that rejects with a ConnectError of stage `dns`. Simultaneous lookups of one name
 * are one.
 */
export function createHostResolver(options: { lookup?: HostLookup; timeoutMs: number }): HostLookup {
  const { lookup: resolve = createHostLookup(), timeoutMs } = options;
  const inFlight = new Map<string, Promise<string[]>>();

  return async (hostname) => {
    let pending = inFlight.get(hostname);
    if (!pending) {
      pending = resolve(hostname).finally(() => inFlight.delete(hostname));
      inFlight.set(hostname, pending);
    }
    const addresses = await withTimeout(pending, timeoutMs);
    if (addresses.length === 0) throw dnsFailed('no address');
    if (addresses.length > MOST_ADDRESSES) throw dnsFailed(`more than ${MOST_ADDRESSES} addresses`);
    return addresses;
  };
}

async function withTimeout(pending: Promise<string[]>, timeoutMs: number): Promise<string[]> {
  let timer: NodeJS.Timeout | undefined;
  const expired = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(timedOut(timeoutMs)), timeoutMs);
  });
  try {
    return await Promise.race([pending, expired]);
  } catch (error) {
    throw error instanceof ConnectError ? error : dnsFailed(errorCodeOf(error) ?? 'unknown', error);
  } finally {
    clearTimeout(timer);
  }
}

function timedOut(timeoutMs: number): ConnectError {
  const message = `The host name was not resolved within ${timeoutMs} ms.`;
  return new ConnectError({ code: 'timeout', stage: 'dns', message });
}

function dnsFailed(detail: string, cause?: unknown): ConnectError {
  const message = `The host name could not be resolved (${detail}).`;
  return new ConnectError({ code: 'dns_failed', stage: 'dns', message }, cause);
}
