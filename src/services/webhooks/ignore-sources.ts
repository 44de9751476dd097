import type { ClientSession } from 'mongoose';
import { ApiKeyId } from '../../contracts/id.ts';
import type { IgnoredSource } from '../../contracts/webhook.ts';
import { UnprocessableError } from '../../errors.ts';
import type { Models } from '../../models/models.ts';

/** Throws UnprocessableError for sources that name an API key there is none of. */
export async function requireApiKeys(
  models: Models,
  sources: readonly IgnoredSource[],
  session: ClientSession,
): Promise<void> {
  const ids = sources.filter((source) => ApiKeyId.safeParse(source).success);
  if (ids.length === 0) return;
  const known = await models.apiKeys.find({ _id: { $in: ids } }, { _id: 1 }, { session }).lean();
  const errors = sources.flatMap((source, index) =>
    ids.includes(source) && !known.some(({ _id }) => _id === source)
      ? [{ path: `ignoreSources.${index}`, message: 'there is no API key with this id' }]
      : [],
  );
  if (errors.length > 0)
    throw new UnprocessableError('The webhook ignores an API key that does not exist.', errors);
}
