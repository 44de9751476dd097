/** `reason` is a sentence that names the header and never shows its value. */
export type CustomHeaderVerdict = { ok: true } | { ok: false; reason: string };

const MAX_NAME_LENGTH = 128;
const MAX_VALUE_LENGTH = 4096;
// RFC 9110 §5.6.2: token.
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
// RFC 9110 §5.5: visible ASCII, space, tab and obs-text (latin1); so no CR, LF or NUL.
const FIELD_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;

// Framing and connection headers are the client's; the others are ours, and a receiver trusts them.
const RESERVED_NAMES = new Set([
  'accept-encoding',
  'connection',
  'expect',
  'host',
  'http2-settings',
  'keep-alive',
  'te',
  'traceparent',
  'tracestate',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'user-agent',
]);
// content-: the body is JSON as rendered, whatever a header would say.
const RESERVED_PREFIXES = ['content-', 'proxy-', 'tablehook-', 'webhook-'];

/**
 * Judges a header a webhook adds to its calls: a name that is not reserved and a valid value (RFC 9110 §5), of at
 * most 128 and 4,096 characters.
 */
export function checkCustomHeader({ name, value }: { name: string; value: string }): CustomHeaderVerdict {
  if (name.length > MAX_NAME_LENGTH)
    return refuse(`A header name has at most ${MAX_NAME_LENGTH} characters.`);
  if (!TOKEN.test(name)) return refuse("A header name has only letters, digits and !#$%&'*+-.^_`|~.");
  const lowerName = name.toLowerCase();
  if (RESERVED_NAMES.has(lowerName) || RESERVED_PREFIXES.some((prefix) => lowerName.startsWith(prefix))) {
    return refuse(`The header ${name} is set by Tablehook.`);
  }
  if (value.length > MAX_VALUE_LENGTH) {
    return refuse(`The value of the header ${name} is longer than ${MAX_VALUE_LENGTH} characters.`);
  }
  if (!FIELD_VALUE.test(value)) {
    return refuse(`The value of the header ${name} has control characters or characters beyond latin1.`);
  }
  return { ok: true };
}

function refuse(reason: string): CustomHeaderVerdict {
  return { ok: false, reason };
}
