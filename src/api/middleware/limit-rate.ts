import type { RequestHandler } from 'express';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import { consume } from '../consume.ts';
import { actorOf } from '../request-state.ts';

export interface LimitRateOptions {
  requestsPerSecond: number;
}

/** Bounds the requests of each API key in this process; beyond it the answer is 429 with Retry-After. */
export function limitRate({ requestsPerSecond }: LimitRateOptions): RequestHandler {
  const limiter = new RateLimiterMemory({ keyPrefix: '', points: requestsPerSecond, duration: 1 });
  return async (_req, res, next) => {
    const { apiKeyId } = actorOf(res);
    await consume(limiter, apiKeyId, `This API key may make ${requestsPerSecond} requests per second.`);
    next();
  };
}
