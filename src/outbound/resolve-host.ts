import { lookup } from 'node:dns/promises';
import { ConnectError } from './connect-error.ts';
import { errorCodeOf } from './error-code-of.ts';

/** All addresses of a host name, in the order the resolver gives them. */
export type HostLookup = (hostname: string) => Promise<string[]>;

/**
 * A lookup bounded by `timeoutMs` that rejects with a ConnectError of stage `dns`. Simultaneous lookups of one name
 * are one: each holds a thread of a small pool, and a name that hangs must not take them all.
 */
export function createHostResolver(options: { lookup?: HostLookup; timeoutMs: number }): HostLookup {
  const { lookup: resolve = systemLookup, timeoutMs } = options;
  const inFlight = new Map<string, Promise<string[]>>();

  return async (hostname) => {
    let pending = inFlight.get(hostname);
    if (!pending) {
      pending = resolve(hostname).finally(() => inFlight.delete(hostname));
      inFlight.set(hostname, pending);
    }
    const addresses = await withTimeout(pending, timeoutMs);
    if (addresses.length === 0) throw dnsFailed('no address');
    return addresses;
  };
}

async function systemLookup(hostname: string): Promise<string[]> {
  const found = await lookup(hostname, { all: true, verbatim: true });
  return found.map(({ address }) => address);
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
