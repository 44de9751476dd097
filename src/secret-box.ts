import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { AppError } from './errors.ts';
import type { SecretBox } from './services/context.ts';

const ALGORITHM = 'aes-256-gcm';
const IV_BYTES = 12;
const TAG_BYTES = 16;

/**
 * A SecretBox over AES-256-GCM. `keys` are `id:base64` of 32 bytes; the first one seals, all of them open. Sealed texts
 * read `<key id>.<iv>.<tag>.<ciphertext>`, each part after the id in base64url.
 */
export function createSecretBox(keys: readonly string[]): SecretBox {
  const byId = new Map(keys.map((key) => parseKey(key)));
  const [first] = byId;
  if (!first) throw new AppError('invalid_request', 'SECRET_KEYS holds no key.');
  const [sealingId, sealingKey] = first;
  return {
    seal: (plaintext, purpose) => {
      const iv = randomBytes(IV_BYTES);
      const cipher = createCipheriv(ALGORITHM, sealingKey, iv).setAAD(Buffer.from(purpose));
      const ciphertext = Buffer.concat([cipher.update(plaintext, 'utf8'), cipher.final()]);
      const parts = [iv, cipher.getAuthTag(), ciphertext].map((part) => part.toString('base64url'));
      return [sealingId, ...parts].join('.');
    },
    open: (sealed, purpose) => {
      const [id = '', ...parts] = sealed.split('.');
      const key = byId.get(id);
      if (!key)
        throw new AppError(
          'internal',
          `SECRET_KEYS lacks the key ${JSON.stringify(id)} that sealed a secret.`,
        );
      const [iv, tag, ciphertext] = parts.map((part) => Buffer.from(part, 'base64url'));
      try {
        if (!iv || !tag || !ciphertext) throw new Error('a part is missing');
        // Without the length, Node would take a tag cut down to 4 bytes.
        const decipher = createDecipheriv(ALGORITHM, key, iv, { authTagLength: TAG_BYTES });
        decipher.setAAD(Buffer.from(purpose)).setAuthTag(tag);
        return Buffer.concat([decipher.update(ciphertext), decipher.final()]).toString('utf8');
      } catch (cause) {
        throw new AppError('internal', 'A sealed secret is damaged.', { cause });
      }
    },
  };
}

/** A new entry for SECRET_KEYS. */
export function generateSecretKey(id: string): string {
  return `${id}:${randomBytes(32).toString('base64')}`;
}

function parseKey(key: string): [id: string, bytes: Buffer] {
  const colon = key.indexOf(':');
  return [key.slice(0, colon), Buffer.from(key.slice(colon + 1), 'base64')];
}
