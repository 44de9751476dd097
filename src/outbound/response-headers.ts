const MAX_HEADERS = 50;
const MAX_VALUE_LENGTH = 1024;
const REDACTED = '[redacted]';

// Other names, such as __proto__ or one with a dot or a dollar, would mean something to a store.
const PLAIN_NAME = /^[a-z0-9][a-z0-9_-]{0,127}$/;

const SECRET_NAMES = new Set([
  'authentication-info',
  'authorization',
  'cookie',
  'set-cookie',
  'set-cookie2',
  'www-authenticate',
]);

/**
 * Response headers as they may be stored and shown: at most 50 with plain names, several values joined by a comma
 * (RFC 9110 §5.2), each cut at 1,024 characters, those that carry credentials redacted.
 */
export function toResponseHeaders(
  headers: Record<string, string | string[] | undefined>,
): Record<string, string> {
  const shown: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value === undefined || !PLAIN_NAME.test(name)) continue;
    shown[name] = isSecret(name) ? REDACTED : [value].flat().join(', ').slice(0, MAX_VALUE_LENGTH);
    if (Object.keys(shown).length === MAX_HEADERS) break;
  }
  return shown;
}

function isSecret(name: string): boolean {
  return SECRET_NAMES.has(name) || name.startsWith('proxy-');
}
