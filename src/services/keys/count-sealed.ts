import type { Models } from '../../models/models.ts';
import type { SealedCollection } from './sealed-values.ts';
import { sealedCollections } from './sealed-values.ts';

/** How many texts of a collection one key sealed. `keyId` is null for texts that name no key: nobody sealed them. */
export interface SealedCount {
  collection: string;
  keyId: string | null;
  count: number;
}

/** Counts sealed texts by collection and key, in MongoDB, so that nothing of them is transferred. */
export async function countSealed(models: Models): Promise<SealedCount[]> {
  const counts: SealedCount[] = [];
  for (const collection of sealedCollections(models)) counts.push(...(await countSealedIn(collection)));
  return counts;
}

/** As `countSealed`, of one collection; rejects when MongoDB needs longer than `maxTimeMS`. */
export async function countSealedIn(
  { name, model, texts }: SealedCollection,
  options: { maxTimeMS?: number } = {},
): Promise<SealedCount[]> {
  const named = { $regexFind: { input: '$text', regex: '^[A-Za-z0-9_-]{1,32}(?=\\.)' } };
  const groups = await model
    .aggregate<{ _id: string | null; count: number }>(
      [
        { $project: { text: texts } },
        { $unwind: '$text' },
        { $project: { named } },
        { $group: { _id: { $ifNull: ['$named.match', null] }, count: { $sum: 1 } } },
        { $sort: { _id: 1 } },
      ],
      options,
    )
    .exec();
  return groups.map(({ _id, count }) => ({ collection: name, keyId: _id, count }));
}
