/** A proxy of the operator's that opens outgoing connections (HTTP CONNECT, RFC 9110 §9.3.6). */
export interface EgressProxy {
  host: string;
  port: number;
  /** Whether the proxy itself is spoken to over TLS, its certificate verified. */
  secure: boolean;
  /** The value of `proxy-authorization`; a secret. */
  authorization: string | null;
}

/**
 * Reads `http://` or `https://`, a host, and maybe `user:password@` (percent-encoded) and a port. Throws an Error that
 * says what is wrong and never quotes the text.
 */
export function parseEgressProxy(text: string): EgressProxy {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:') {
    throw new Error('must be http:// or https:// and a host, such as http://proxy.internal:3128');
  }
  if (url.pathname !== '/' || url.search !== '' || url.hash !== '') {
    throw new Error('must end after the host and port of the proxy');
  }
  const secure = url.protocol === 'https:';
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? (secure ? 443 : 80) : Number(url.port),
    secure,
    authorization: toAuthorization(url),
  };
}

// RFC 7617 §2: Basic, the user without a colon.
function toAuthorization({ username, password }: URL): string | null {
  if (username === '' && password === '') return null;
  const user = decode(username);
  if (user.includes(':')) throw new Error('must have a user without a colon');
  return `Basic ${Buffer.from(`${user}:${decode(password)}`).toString('base64')}`;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new Error('must have its user and password percent-encoded: a % of theirs is %25');
  }
}
