import { createHash } from 'node:crypto';

export interface HashableRequest {
  method: string;
  path: string;
  query: Record<string, unknown>;
  body: unknown;
}

/** SHA-256 of what a request asks for. Neither the order of query parameters nor that of JSON keys or white space counts. */
export function hashRequest({ method, path, query, body }: HashableRequest): string {
  const text = JSON.stringify([method.toUpperCase(), path, sortKeys(query), sortKeys(body) ?? null]);
  return createHash('sha256').update(text).digest('hex');
}

function sortKeys(value: unknown): unknown {
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map((item) => sortKeys(item));
  const entries = Object.entries(value).map(([key, item]) => [key, sortKeys(item)] as const);
  return Object.fromEntries(entries.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
