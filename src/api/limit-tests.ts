import { RateLimiterMemory } from 'rate-limiter-flexible';
import { consume } from './consume.ts';

const SECONDS = 5;

/** Bounds the tests of each webhook in this process: one per second, five of them at once. Beyond it 429 with Retry-After. */
export function limitTests(): (webhookId: string) => Promise<void> {
  const limiter = new RateLimiterMemory({ keyPrefix: '', points: SECONDS, duration: SECONDS });
  return async (webhookId) =>
    consume(limiter, webhookId, `A webhook may be tested ${SECONDS} times in ${SECONDS} seconds.`);
}
