import { AppError } from '../../errors.ts';
import type { SecretBox } from '../context.ts';
import { countSealedIn } from './count-sealed.ts';
import type { ReEncryptContext } from './re-encrypt.ts';
import type { SealedCollection } from './sealed-values.ts';
import { sealedCollections } from './sealed-values.ts';

/** Webhooks are few; where MongoDB cannot count them in this time, the start goes on without the check. */
const MAX_MS = 5_000;
const SAMPLE = 20;

/**
 * Throws when webhooks are sealed with a key that is not at hand, or whose bytes are others than those of the key with its
 * name: every delivery to them would wait. A key that is given as lost is not asked for.
 */
export async function requireKeys({ models, secretBox }: ReEncryptContext): Promise<void> {
  const [webhooks] = sealedCollections(models);
  if (!webhooks) return;
  const counts = await countSealedIn(webhooks, { maxTimeMS: MAX_MS }).catch(() => []);
  for (const { keyId, count } of counts) {
    if (keyId === null || secretBox.lostKeyIds.includes(keyId)) continue;
    const sealed = `${count} ${count === 1 ? 'secret' : 'secrets'} of webhooks`;
    if (!secretBox.keyIds.includes(keyId)) {
      throw new AppError(
        'invalid_request',
        `SECRET_KEYS lacks the key "${keyId}", which sealed ${sealed}. Put it behind the first one, or ${keyId}:lost should nobody have it any more.`,
      );
    }
    if (await opensNone(secretBox, webhooks, keyId)) {
      throw new AppError(
        'invalid_request',
        `The key "${keyId}" in SECRET_KEYS is not the one of that name which sealed ${sealed}. Put the right one in; a new key needs a new name, and stands in front of ${keyId}:lost should nobody have the old one any more.`,
      );
    }
  }
}

/** One that is damaged tells nothing of the key; none is left when all were sealed anew since they were counted. */
async function opensNone(box: SecretBox, collection: SealedCollection, keyId: string): Promise<boolean> {
  const prefix = `${keyId}.`;
  const sealedBy = collection.where({ $regex: new RegExp(`^${keyId}\\.`) });
  const docs = await collection.model.find(sealedBy).limit(SAMPLE).lean();
  const values = docs
    .flatMap((doc) => collection.valuesOf(doc))
    .filter((value) => value.sealed.startsWith(prefix));
  return values.length > 0 && !values.some(({ sealed, purpose }) => opens(box, sealed, purpose));
}

function opens(box: SecretBox, sealed: string, purpose: string): boolean {
  try {
    box.open(sealed, purpose);
    return true;
  } catch {
    return false;
  }
}
