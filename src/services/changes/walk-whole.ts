import { weighChange } from '../../domain/weigh-change.ts';
import type { ChangeDoc } from '../../models/change.ts';
import type { ServiceContext } from '../context.ts';

/** Changes in memory together. */
const CHUNK = 20;
/** And where they are large, or may be. */
const SMALL_CHUNK = 4;
/** Bytes of values in those before, from which on they are. */
const LARGE_BYTES = 512 * 1024;

/**
 * Hands on changes, values and all, a few at a time and in the order of their ids given; those that do not exist are left
 * out. Ends early when `take` answers false. Few such walks go on at a time in one process, part by part.
 */
export async function walkWhole(
  { models, walking }: Pick<ServiceContext, 'models' | 'walking'>,
  changeIds: readonly string[],
  take: (changes: readonly ChangeDoc[], changeIds: readonly string[]) => boolean | void,
): Promise<void> {
  let chunk = SMALL_CHUNK;
  for (let index = 0; index < changeIds.length;) {
    const ids = changeIds.slice(index, index + chunk);
    index += chunk;
    const goesOn = await walking.run(1, async () => {
      const docs = await models.changes.find({ _id: { $in: ids } }).lean();
      const bytes = docs.reduce((sum, doc) => sum + weighChange(doc), 0);
      chunk = bytes > LARGE_BYTES ? SMALL_CHUNK : CHUNK;
      const byId = new Map(docs.map((doc) => [doc._id, doc]));
      return take(
        ids.flatMap((id) => byId.get(id) ?? []),
        ids,
      );
    });
    if (goesOn === false) return;
  }
}
