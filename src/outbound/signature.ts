import { createHmac } from 'node:crypto';

const SECRET_PREFIX = 'whsec_';

export interface SignWebhookInput {
  /** `whsec_<base64>` each; the newest first, more than one while a secret is being rotated. */
  secrets: readonly string[];
  id: string;
  timestampSeconds: number;
  body: string | Buffer;
}

/**
 * The `webhook-signature` value (Standard Webhooks 1.0): `v1,<base64 HMAC-SHA256 of id.timestamp.body>` per secret,
 * in order, separated by one space. Throws when there is none or one is malformed; the message never shows it.
 */
export function signWebhook({ secrets, id, timestampSeconds, body }: SignWebhookInput): string {
  if (secrets.length === 0) throw new Error('a webhook cannot be signed without a secret');
  return secrets
    .map((secret) => {
      const hmac = createHmac('sha256', toKey(secret)).update(`${id}.${timestampSeconds}.`).update(body);
      return `v1,${hmac.digest('base64')}`;
    })
    .join(' ');
}

function toKey(secret: string): Buffer {
  const base64 = secret.startsWith(SECRET_PREFIX) ? secret.slice(SECRET_PREFIX.length) : '';
  // Buffer.from skips what is not base64, which would sign with a shorter key than the receiver holds.
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) throw new Error('a webhook secret is not whsec_<base64>');
  return Buffer.from(base64, 'base64');
}
