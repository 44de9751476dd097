import { ConflictError, NotFoundError } from '../../errors.ts';
import { requireUnbound } from '../access.ts';
import type { RequestContext } from '../context.ts';

/** Deletes a key; requests with it are refused within a second. The key a request was made with cannot delete itself. */
export async function removeApiKey(
  { models, actor }: RequestContext,
  { keyId }: { keyId: string },
): Promise<void> {
  requireUnbound(actor, 'delete keys');
  if (keyId === actor.apiKeyId) throw new ConflictError('This is the key of the request itself.');
  const { deletedCount } = await models.apiKeys.deleteOne({ _id: keyId });
  if (deletedCount === 0) throw new NotFoundError('API key', keyId);
}
