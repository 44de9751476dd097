/** The `code` of a system, TLS or undici error, e.g. `ECONNREFUSED`; null for anything else. */
export function errorCodeOf(error: unknown): string | null {
  if (!(error instanceof Error) || !('code' in error)) return null;
  return typeof error.code === 'string' && /^\w{1,64}$/.test(error.code) ? error.code : null;
}
