import type { Request, RequestHandler } from 'express';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import { toClientNetwork } from '../../domain/client-network.ts';
import { AppError } from '../../errors.ts';
import { authenticate as authenticateKey } from '../../services/api-keys/authenticate.ts';
import { hashApiKey } from '../../services/api-keys/create.ts';
import type { Actor, ServiceContext } from '../../services/context.ts';
import { consume } from '../consume.ts';
import { stateOf } from '../request-state.ts';

const KNOWN_MS = 1_000;
const MAX_KNOWN = 10_000;

export interface AuthenticateOptions {
  /** Per client address, of IPv6 per /64; beyond it the answer is 429. */
  failuresPerMinute: number;
}

/**
 * Finds the API key of a request, or ends it with 401. Only failures count against an address: behind a shared proxy,
 * nobody can lock out the holders of valid keys.
 */
export function authenticate(
  services: Pick<ServiceContext, 'models' | 'clock'>,
  { failuresPerMinute }: AuthenticateOptions,
): RequestHandler {
  const failures = new RateLimiterMemory({ keyPrefix: '', points: failuresPerMinute, duration: 60 });
  const findActor = remember((key) => authenticateKey(services, key), services.clock);
  return async (req, res, next) => {
    try {
      stateOf(res).actor = await findActor(readKey(req));
    } catch (error) {
      if (error instanceof AppError && error.code === 'unauthorized') {
        await consume(
          failures,
          toClientNetwork(req.ip ?? 'unknown'),
          'Too many requests without a valid API key.',
        );
      }
      throw error;
    }
    next();
  };
}

/** Remembers found keys for a second, by their hash: a deleted one is refused within that time. */
function remember(find: (key: string) => Promise<Actor>, clock: () => Date): (key: string) => Promise<Actor> {
  const known = new Map<string, { actor: Actor; until: number }>();
  return async (key) => {
    const hash = hashApiKey(key);
    const now = clock().getTime();
    const entry = known.get(hash);
    if (entry && entry.until > now) return entry.actor;
    const actor = await find(key);
    if (known.size >= MAX_KNOWN) known.clear();
    known.set(hash, { actor, until: now + KNOWN_MS });
    return actor;
  };
}

function readKey(req: Request): string {
  const header = req.get('authorization');
  if (header === undefined) {
    throw new AppError('unauthorized', 'Give an API key: Authorization: Bearer thk_….');
  }
  const key = /^Bearer +(thk_[A-Za-z0-9_-]{1,196})$/i.exec(header)?.[1];
  if (key === undefined) throw new AppError('unauthorized', 'The header Authorization holds no API key.');
  return key;
}
