import { isIP } from 'node:net';
import type { AddressPolicy } from './address-policy.ts';
import { isLocalhost, toPlaceKey } from './own-address.ts';
import { REFUSED_PORTS } from './refused-ports.ts';

/** What a URL may not be; each maps to one sentence a person can act on. */
export type TargetUrlCode =
  | 'invalid_url'
  | 'too_long'
  | 'scheme_refused'
  | 'https_required'
  | 'credentials_refused'
  | 'port_refused'
  | 'own_address'
  | 'address_refused';

/** `refusedOrigins`: `host:port` or origin of each way this service is reached; any other form makes checks throw. */
export interface TargetUrlOptions {
  policy: AddressPolicy;
  requireHttps: boolean;
  refusedOrigins: readonly string[];
}

/** `reason` is a sentence that never quotes the URL. */
export type TargetUrlVerdict = { ok: true; url: URL } | { ok: false; code: TargetUrlCode; reason: string };

const MAX_LENGTH = 2048;
const DEFAULT_PORTS: Readonly<Record<string, number>> = { 'http:': 80, 'https:': 443 };

/**
 * Judges an endpoint URL by its text alone, after WHATWG normalisation, which makes every odd spelling of an IPv4
 * host the dotted one. A name is judged only once it is resolved, at each connection.
 */
export function checkTargetUrl(text: string, options: TargetUrlOptions): TargetUrlVerdict {
  if (text.length > MAX_LENGTH) return refuse('too_long', `The URL is longer than ${MAX_LENGTH} characters.`);
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url) return refuse('invalid_url', 'The URL is not valid; one looks like https://crm.example/hook.');
  const fault = findUrlFault(url, options) ?? findHostFault(url, options);
  return fault ?? { ok: true, url };
}

function findUrlFault(url: URL, options: TargetUrlOptions): TargetUrlVerdict | null {
  const { protocol, username, password, href } = url;
  if (protocol !== 'http:' && protocol !== 'https:') {
    return refuse('scheme_refused', 'The URL must begin with https:// or http://.');
  }
  if (options.requireHttps && protocol !== 'https:') {
    return refuse('https_required', 'The URL must begin with https://.');
  }
  if (username !== '' || password !== '') {
    return refuse('credentials_refused', 'The URL must not contain credentials; send them in a header.');
  }
  // Percent-encoding can make the URL that is sent longer than the one that was given.
  if (href.length > MAX_LENGTH) {
    return refuse('too_long', `The URL is longer than ${MAX_LENGTH} characters once encoded.`);
  }
  const port = portOf(url);
  const protocolOfPort = REFUSED_PORTS.get(port);
  if (protocolOfPort === undefined) return null;
  return refuse('port_refused', `Port ${port} (${protocolOfPort}) is refused.`);
}

function findHostFault(url: URL, options: TargetUrlOptions): TargetUrlVerdict | null {
  const own = originKey(url);
  if (options.refusedOrigins.some((origin) => toOriginKey(origin) === own)) {
    return refuse('own_address', 'The URL points to this service itself.');
  }
  const host = bareHost(url);
  const literals = isLocalhost(host) ? ['127.0.0.1', '::1'] : isIP(host) > 0 ? [host] : [];
  const verdicts = literals.map((address) => options.policy.judge(address));
  // The name localhost may resolve to either family, so one that is allowed is enough to let it through.
  if (verdicts.some(({ allowed }) => allowed)) return null;
  const refusal = verdicts.find((verdict) => !verdict.allowed);
  return refusal ? refuse('address_refused', `The URL's address is refused: ${refusal.reason}.`) : null;
}

function portOf(url: URL): number {
  return url.port === '' ? (DEFAULT_PORTS[url.protocol] ?? 0) : Number(url.port);
}

function bareHost(url: URL): string {
  return url.hostname.replace(/^\[|\]$|\.$/g, '');
}

function originKey(url: URL): string {
  return toPlaceKey(bareHost(url), portOf(url));
}

/** The place of a `host:port` or an origin, as `toPlaceKey` says it. Throws for any other form. */
export function toOriginKey(origin: string): string {
  return originKey(new URL(origin.includes('://') ? origin : `http://${origin}`));
}

function refuse(code: TargetUrlCode, reason: string): TargetUrlVerdict {
  return { ok: false, code, reason };
}
