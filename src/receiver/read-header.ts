import type { IncomingHttpHeaders } from 'node:http';

/** Headers as node:http, as fetch, or as anybody else hands them over; names in any case. */
export type WebhookHeaders =
  | IncomingHttpHeaders
  | Readonly<Record<string, string | readonly string[] | undefined>>
  | { get: (name: string) => string | null };

/** A header's value, or null when it is missing or empty. `name` is in lower case. */
export function readHeader(headers: WebhookHeaders, name: string): string | null {
  const value = isGettable(headers) ? headers.get(name) : findValue(headers, name);
  if (value === null || value === undefined || value === '') return null;
  return typeof value === 'string' ? value : value.join(', ');
}

function isGettable(headers: WebhookHeaders): headers is { get: (name: string) => string | null } {
  return typeof headers.get === 'function';
}

function findValue(headers: Readonly<Record<string, string | readonly string[] | undefined>>, name: string) {
  if (Object.hasOwn(headers, name)) return headers[name];
  const found = Object.keys(headers).find((key) => key.toLowerCase() === name);
  return found === undefined ? null : headers[found];
}
