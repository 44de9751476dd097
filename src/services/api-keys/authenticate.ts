import { AppError } from '../../errors.ts';
import type { Actor, ServiceContext } from '../context.ts';
import { hashApiKey } from './create.ts';

const USED_EVERY_MS = 60_000;

/** The actor behind a key. Throws unauthorized (401) for one that does not exist. `lastUsedAt` is kept to the minute. */
export async function authenticate(
  { models, clock }: Pick<ServiceContext, 'models' | 'clock'>,
  key: string,
): Promise<Actor> {
  const hash = hashApiKey(key);
  const doc = await models.apiKeys.findOne({ hash }).lean();
  if (!doc) throw new AppError('unauthorized', 'This API key does not exist.');
  const now = clock();
  if (!doc.lastUsedAt || now.getTime() - doc.lastUsedAt.getTime() > USED_EVERY_MS) {
    // Nobody waits for it and nothing depends on it.
    models.apiKeys.updateOne({ _id: doc._id }, { $set: { lastUsedAt: now } }).catch(() => undefined);
  }
  return { apiKeyId: doc._id, name: doc.name, scopes: doc.scopes, tables: doc.tables };
}
