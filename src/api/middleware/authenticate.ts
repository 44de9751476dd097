import type { Request, RequestHandler } from 'express';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import { AppError } from '../../errors.ts';
import { authenticate as findActor } from '../../services/api-keys/authenticate.ts';
import type { ServiceContext } from '../../services/context.ts';
import { consume } from '../consume.ts';
import { stateOf } from '../request-state.ts';

export interface AuthenticateOptions {
  /** Per client address; beyond it the answer is 429. */
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
  return async (req, res, next) => {
    try {
      stateOf(res).actor = await findActor(services, readKey(req));
    } catch (error) {
      if (error instanceof AppError && error.code === 'unauthorized') {
        await consume(failures, req.ip ?? 'unknown', 'Too many requests without a valid API key.');
      }
      throw error;
    }
    next();
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
