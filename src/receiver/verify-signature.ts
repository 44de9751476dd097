import { createHmac, timingSafeEqual } from 'node:crypto';
import type { WebhookHeaders } from './read-header.ts';
import { readHeader } from './read-header.ts';
import { ReceiverError } from './receiver-error.ts';

/** A request as it came. `body` is the bytes that were sent (or their text): parsed and serialised again it is another. */
export interface WebhookRequest {
  headers: WebhookHeaders;
  body: string | Uint8Array;
}

export interface VerifyOptions {
  /** The webhook's `whsec_…`; both of them while one replaces the other. */
  secrets: string | readonly string[];
  /** How far the time of an attempt may be from now, either way. Default 300. */
  toleranceSeconds?: number;
  /** Milliseconds since 1970. Default `Date.now`. */
  now?: () => number;
}

/** One attempt at a delivery. The signature covers `deliveryId`, `timestamp` and the body; the rest is only said. */
export interface DeliveryFacts {
  /** `webhook-id`: the same on every attempt, and when it is sent again. */
  deliveryId: string;
  /** When this attempt was made. */
  timestamp: Date;
  /** 1 for the first; null when a proxy took the header away, as for `hops`. */
  attempt: number | null;
  /** To be sent on as `tablehook-hops` with what you write back to Tablehook because of this. */
  hops: number | null;
  /** Whether it was sent again, or for a backfill. */
  replay: boolean;
  /** Whether somebody tries the webhook: it tells of nothing that happened. */
  test: boolean;
}

const DEFAULT_TOLERANCE_SECONDS = 300;
const SECRET = /^whsec_([A-Za-z0-9+/]+={0,2})$/;

/**
 * Verifies a request by Standard Webhooks, whatever its body's format. Throws a ReceiverError when it is not from the
 * holder of a secret, was altered, or is too old or too new; a TypeError when no usable secret is given.
 */
export function verifySignature({ headers, body }: WebhookRequest, options: VerifyOptions): DeliveryFacts {
  const keys = toKeys(options.secrets);
  const deliveryId = requireHeader(headers, 'webhook-id');
  const timestamp = requireHeader(headers, 'webhook-timestamp');
  const signatures = requireHeader(headers, 'webhook-signature').split(' ');
  // A dot in one of the first two would let what is signed be cut into other parts.
  if (deliveryId.includes('.')) throw new ReceiverError('bad-header', 'webhook-id holds a dot.');
  if (!/^\d{1,12}$/.test(timestamp)) {
    throw new ReceiverError('bad-header', 'webhook-timestamp is not a number of seconds.');
  }
  const expected = keys.map((key) => {
    const hmac = createHmac('sha256', key).update(`${deliveryId}.${timestamp}.`).update(body);
    return `v1,${hmac.digest('base64')}`;
  });
  if (!expected.some((one) => signatures.some((signature) => isSame(signature, one)))) {
    throw new ReceiverError('bad-signature', 'No signature is by a secret of this webhook over these bytes.');
  }
  requireFresh(Number(timestamp), options);
  return {
    deliveryId,
    timestamp: new Date(Number(timestamp) * 1000),
    attempt: countOf(headers, 'tablehook-attempt'),
    hops: countOf(headers, 'tablehook-hops'),
    replay: readHeader(headers, 'tablehook-replay') === 'true',
    test: readHeader(headers, 'tablehook-test') === 'true',
  };
}

/** Throws a TypeError, which never shows a secret, unless there is at least one and each is `whsec_<base64>`. */
export function toKeys(secrets: string | readonly string[]): Buffer[] {
  const list = typeof secrets === 'string' ? [secrets] : secrets;
  if (list.length === 0) throw new TypeError('secrets is empty: give the whsec_… of the webhook');
  return list.map((secret) => {
    const base64 = SECRET.exec(secret)?.[1];
    if (base64 === undefined) throw new TypeError('a secret is not whsec_<base64>, as Tablehook shows it');
    return Buffer.from(base64, 'base64');
  });
}

function requireHeader(headers: WebhookHeaders, name: string): string {
  const value = readHeader(headers, name);
  if (value === null) throw new ReceiverError('missing-header', `The header ${name} is missing.`);
  return value;
}

function isSame(given: string, expected: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(expected)];
  return one.length === other.length && timingSafeEqual(one, other);
}

function requireFresh(seconds: number, options: VerifyOptions): void {
  const { toleranceSeconds = DEFAULT_TOLERANCE_SECONDS, now = Date.now } = options;
  const ageSeconds = Math.floor(now() / 1000) - seconds;
  if (Math.abs(ageSeconds) <= toleranceSeconds) return;
  const off = `${Math.abs(ageSeconds)} s ${ageSeconds > 0 ? 'old' : 'ahead of the clock here'}`;
  throw new ReceiverError(
    ageSeconds > 0 ? 'too-old' : 'too-new',
    `The attempt is ${off}; ${toleranceSeconds} s are allowed.`,
  );
}

function countOf(headers: WebhookHeaders, name: string): number | null {
  const value = readHeader(headers, name);
  return value !== null && /^\d{1,9}$/.test(value) ? Number(value) : null;
}
