import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { AppError } from './errors.ts';
import type { SecretBox } from './services/context.ts';

const ALGORITHM = 'aes-256-gcm';
const IV_BYTES = 12;
const TAG_BYTES = 16;
/** Stands for a key that nobody has any more. */
const LOST = 'lost';

/**
 * A SecretBox over AES-256-GCM. `keys` are `id:base64` of 32 bytes; the first one seals, all of them open; `id:lost`
 * stands for one that nobody has. Sealed texts
 * read `<key id>.<iv>.<tag>.<ciphertext>`, each part after the id in base64url.
 */
export function createSecretBox(keys: readonly string[]): SecretBox {
  const given = keys.map((key) => splitKey(key));
  const held = given.filter(([, key]) => key !== LOST);
  const byId = new Map(held.map(([id, key]) => [id, Buffer.from(key, 'base64')] as const));
  const [first, ...others] = byId;
  if (!first) throw new AppError('invalid_request', 'SECRET_KEYS holds no key.');
  const [sealingId, sealingKey] = first;
  return {
    lostKeyIds: given.flatMap(([id, key]) => (key === LOST ? [id] : [])),
    keyIds: [sealingId, ...others.map(([id]) => id)],
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
        throw new AppError('internal', `SECRET_KEYS lacks the key ${quoteId(id)} that sealed a secret.`);
      const [iv, tag, ciphertext] = parts.map((part) => Buffer.from(part, 'base64url'));
      try {
        if (!iv || !tag || !ciphertext) throw new Error('a part is missing');
        // Without the length, Node would take a tag cut down to 4 bytes.
        const decipher = createDecipheriv(ALGORITHM, key, iv, { authTagLength: TAG_BYTES });
        decipher.setAAD(Buffer.from(purpose)).setAuthTag(tag);
        return Buffer.concat([decipher.update(ciphertext), decipher.final()]).toString('utf8');
      } catch (cause) {
        throw new AppError(
          'internal',
          `A secret sealed with the key ${quoteId(id)} does not open: it is damaged, or was sealed with another key of that name.`,
          { cause },
        );
      }
    },
  };
}

/** A new entry for SECRET_KEYS. */
export function generateSecretKey(id: string): string {
  return `${id}:${randomBytes(32).toString('base64')}`;
}

function splitKey(key: string): [id: string, key: string] {
  const colon = key.indexOf(':');
  return [key.slice(0, colon), key.slice(colon + 1)];
}

/** Before the first dot of what was never sealed may stand anything, a secret too. */
function quoteId(id: string): string {
  return /^[A-Za-z0-9_-]{1,32}$/.test(id) ? JSON.stringify(id) : 'of no valid name';
}
