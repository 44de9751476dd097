import { createHash, randomBytes } from 'node:crypto';
import type { CreateApiKeyInput, CreatedApiKey } from '../../contracts/api-key.ts';
import type { ApiKeyDoc } from '../../models/api-key.ts';
import { toApiKey } from '../../models/api-key.ts';
import type { Models } from '../../models/models.ts';
import { requireUnbound } from '../access.ts';
import type { RequestContext, ServiceContext } from '../context.ts';
import { runOnce } from '../idempotency.ts';

/** Makes an API key of 256 random bits; it is shown in the answer and stored as its SHA-256. */
export async function createApiKey(
  context: RequestContext,
  input: CreateApiKeyInput,
): Promise<CreatedApiKey> {
  requireUnbound(context.actor, 'make keys');
  const key = generateApiKey();
  const doc = toApiKeyDoc(context, { ...input, key });
  return runOnce(context, async (session) => {
    await context.models.apiKeys.insertMany([doc], { session, lean: true });
    return { ...toApiKey(doc), key };
  });
}

/** Makes sure that an admin key exists, such as the first one of an installation. Idempotent by the key itself. */
export async function ensureAdminKey(
  context: { models: Models } & Pick<ServiceContext, 'newId' | 'clock'>,
  { key, name }: { key: string; name: string },
): Promise<void> {
  const doc = toApiKeyDoc(context, { key, name, scopes: ['admin'] });
  await context.models.apiKeys.updateOne({ hash: doc.hash }, { $setOnInsert: doc }, { upsert: true });
}

/** A new key: `thk_` and 256 random bits. */
export function generateApiKey(): string {
  return `thk_${randomBytes(32).toString('base64url')}`;
}

/** What is stored of a key: its SHA-256, in hex. */
export function hashApiKey(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}

function toApiKeyDoc(
  { newId, clock }: Pick<ServiceContext, 'newId' | 'clock'>,
  { key, name, scopes, tables }: CreateApiKeyInput & { key: string },
): ApiKeyDoc {
  return {
    _id: newId('key'),
    name,
    hash: hashApiKey(key),
    scopes: [...new Set(scopes)],
    tables: tables ?? null,
    createdAt: clock(),
    lastUsedAt: null,
  };
}
