import type { AttemptDoc } from '../../models/delivery.ts';

const KEPT = 50;
const KEPT_IN_FULL = 3;

/** The attempts of a delivery with one more: at most 50 are kept, the last 3 with headers and body. */
export function withAttempt(attempts: readonly AttemptDoc[], attempt: AttemptDoc): AttemptDoc[] {
  const all = [...attempts, attempt].slice(-KEPT);
  return all.map((entry, index) => (index < all.length - KEPT_IN_FULL ? withoutAnswer(entry) : entry));
}

/** The line of an attempt without what the endpoint said. */
export function withoutAnswer(attempt: AttemptDoc): AttemptDoc {
  return { ...attempt, responseHeaders: {}, responseBody: null };
}
