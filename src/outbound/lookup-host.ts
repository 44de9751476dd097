import { Resolver } from 'node:dns/promises';
import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { errorCodeOf } from './error-code-of.ts';

/** What a machine knows of names besides its name servers. */
export interface LocalNames {
  /** By name in lower case, as in /etc/hosts. */
  hosts: ReadonlyMap<string, string[]>;
  /** Tried behind a name with fewer dots than `ndots` first, behind any other last (resolv.conf(5)). */
  search: readonly string[];
  ndots: number;
}

const KNOWN_MS = 5_000;
/** Per query and name server; asked twice, that is about what a lookup may take in all. */
const QUERY = { timeout: 2_000, tries: 2 };
const OTHER_WITHIN_MS = 300;
const LOOPBACK = ['127.0.0.1', '::1'];

/**
 * All addresses of a host name, IPv4 first: by /etc/hosts, else from the name servers and search domains of
 * /etc/resolv.conf. The system's own call holds one of two threads while a name server is silent, so that two names of one
 * webhook would keep all others from being resolved; queries of our own hold none. Rejects with the code of the last answer.
 */
export function createHostLookup(): (hostname: string) => Promise<string[]> {
  let known: { names: Promise<LocalNames>; resolver: Resolver; until: number } | null = null;
  return async (hostname) => {
    // Both may be edited while the process runs.
    if (known === null || performance.now() >= known.until) {
      known = { names: readLocalNames(), resolver: new Resolver(QUERY), until: performance.now() + KNOWN_MS };
    }
    const { resolver } = known;
    const names = await known.names;
    const listed = listedAddresses(names, hostname);
    if (listed) return listed;
    let failure: unknown;
    for (const name of toCandidates(names, hostname)) {
      try {
        return await query(resolver, name);
      } catch (error) {
        if (!isAbsence(error)) throw error;
        failure = error;
      }
    }
    throw failure;
  };
}

function listedAddresses({ hosts }: LocalNames, hostname: string): string[] | null {
  const name = hostname.toLowerCase().replace(/\.$/, '');
  const listed = hosts.get(name);
  if (listed) return listed;
  // No name server is asked for these (RFC 6761, 6.3).
  return name === 'localhost' || name.endsWith('.localhost') ? LOOPBACK : null;
}

/** The names to ask for, in order; one that ends with a dot is complete. */
export function toCandidates({ search, ndots }: LocalNames, hostname: string): string[] {
  if (hostname.endsWith('.')) return [hostname];
  const within = search.map((domain) => `${hostname}.${domain}`);
  const dots = hostname.split('.').length - 1;
  return dots >= ndots ? [hostname, ...within] : [...within, hostname];
}

async function query(resolver: Resolver, name: string): Promise<string[]> {
  const answers = await settledSoon(resolver.resolve4(name), resolver.resolve6(name));
  const addresses = answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
  if (addresses.length > 0) return addresses;
  const failures = answers.flatMap((answer) =>
    answer.status === 'rejected' ? [answer.reason as unknown] : [],
  );
  throw failures.find((failure) => !isAbsence(failure)) ?? failures[0];
}

/**
 * Both, but an answer for IPv4 waits a moment only for the other (RFC 8305, 3): some name servers never answer for IPv6.
 */
async function settledSoon(
  v4: Promise<string[]>,
  v6: Promise<string[]>,
): Promise<PromiseSettledResult<string[]>[]> {
  const both = Promise.allSettled([v4, v6]);
  const first = v4.then(async (addresses): Promise<PromiseSettledResult<string[]>[]> => {
    await sleep(OTHER_WITHIN_MS);
    return [{ status: 'fulfilled', value: addresses }];
  });
  return Promise.race([both, first.catch(async () => both)]);
}

/** The name servers answered, and there is no such name, or none with an address. */
function isAbsence(error: unknown): boolean {
  return ['ENOTFOUND', 'ENODATA'].includes(errorCodeOf(error) ?? '');
}

async function readLocalNames(): Promise<LocalNames> {
  const read = async (file: string) => readFile(file, 'utf8').catch(() => '');
  return parseLocalNames({ hosts: await read('/etc/hosts'), resolvConf: await read('/etc/resolv.conf') });
}

/** Reads hosts(5) and resolv.conf(5); what it does not understand it leaves out. */
export function parseLocalNames({ hosts, resolvConf }: { hosts: string; resolvConf: string }): LocalNames {
  const byName = new Map<string, string[]>();
  for (const [address = '', ...names] of toWords(hosts)) {
    if (isIP(address) === 0) continue;
    for (const name of names) {
      const key = name.toLowerCase();
      byName.set(key, [...(byName.get(key) ?? []), address]);
    }
  }
  const settings = toWords(resolvConf);
  const search = settings.findLast(([word]) => word === 'search' || word === 'domain')?.slice(1) ?? [];
  const options = settings.filter(([word]) => word === 'options').flat();
  const ndots = options.map((option) => /^ndots:(\d+)$/.exec(option)?.[1]).findLast(Boolean);
  return {
    hosts: byName,
    search: search.slice(0, 6).filter((domain) => domain !== '.'),
    ndots: Number(ndots ?? 1),
  };
}

function toWords(text: string): string[][] {
  return text.split('\n').map((line) =>
    line
      .replace(/[#;].*$/, '')
      .split(/\s+/)
      .filter((word) => word !== ''),
  );
}
