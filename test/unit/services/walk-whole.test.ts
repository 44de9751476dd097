import { describe, expect, it } from 'vitest';
import type { Models } from '../../../src/models/models.ts';
import { Budget } from '../../../src/services/budget.ts';
import { walkWhole } from '../../../src/services/changes/walk-whole.ts';

interface Staged {
  total: number;
  missing?: string[];
  bytesEach?: number;
}

/** MongoDB as far as a walk sees it: answers in its own order, and counts who reads at the same time. */
function openContext({ total, missing = [], bytesEach = 10 }: Staged) {
  const reads = { now: 0, most: 0, sizes: [] as number[] };
  const read = async ({ _id: { $in } }: { _id: { $in: string[] } }) => {
    reads.now += 1;
    reads.most = Math.max(reads.most, reads.now);
    reads.sizes.push($in.length);
    await new Promise((resolve) => setImmediate(resolve));
    reads.now -= 1;
    return $in
      .filter((id) => !missing.includes(id))
      .toReversed()
      .map((_id) => ({ _id, previous: null, record: { Title: 'x'.repeat(bytesEach) } }));
  };
  const changes = { find: (filter: { _id: { $in: string[] } }) => ({ lean: async () => read(filter) }) };
  return { reads, context: { models: { changes } as unknown as Models, walking: new Budget({ total }) } };
}

const IDS = Array.from({ length: 45 }, (_, index) => `chg_${index}`);

describe('a walk over whole changes', () => {
  it('hands them on a few at a time, in the order asked for, without those that do not exist', async () => {
    const { context, reads } = openContext({ total: 1, missing: ['chg_3', 'chg_44'] });
    const seen: string[] = [];
    const asked: string[] = [];
    await walkWhole(context, IDS, (changes, ids) => {
      seen.push(...changes.map(({ _id }) => _id));
      asked.push(...ids);
    });
    expect(seen).toEqual(IDS.filter((id) => id !== 'chg_3' && id !== 'chg_44'));
    expect(asked).toEqual(IDS);
    expect(reads.sizes).toEqual([4, 20, 20, 1]);
  });

  it('reads fewer together where they are large', async () => {
    const { context, reads } = openContext({ total: 1, bytesEach: 200_000 });
    await walkWhole(context, IDS, () => undefined);
    expect(reads.sizes).toEqual([...Array.from({ length: 11 }, () => 4), 1]);
  });

  it('reads no more once it was told to end', async () => {
    const { context, reads } = openContext({ total: 1 });
    await walkWhole(context, IDS, (_changes, ids) => ids[0] === 'chg_0');
    expect(reads.sizes).toEqual([4, 20]);
  });

  it('goes on at the same time as few others as there may be, and lets them go when it fails', async () => {
    const { context, reads } = openContext({ total: 2 });
    const walks = Array.from({ length: 10 }, (_, index) =>
      walkWhole(context, IDS, () => {
        if (index === 4) throw new Error('does not like it');
      }),
    );
    const outcomes = await Promise.allSettled(walks);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(9);
    expect(reads.most).toBe(2);
    expect(reads.sizes).toHaveLength(9 * 4 + 1);
  });
});
