import { describe, expect, it } from 'vitest';
import { Batcher } from '../../../src/services/batcher.ts';

/** A batcher whose batches end when the test says so. */
function open(options: { atOnce?: number; maxWeight?: number; weigh?: (item: string) => number } = {}) {
  const batches: { items: string[]; end: () => void; fail: (reason: unknown) => void }[] = [];
  const batcher = new Batcher<string, string>({
    atOnce: 1,
    maxWeight: 10,
    ...options,
    run: async (items) =>
      new Promise((resolve, reject) => {
        const outcomes = items.map((item): PromiseSettledResult<string> =>
          item.startsWith('bad')
            ? { status: 'rejected', reason: new Error(item) }
            : { status: 'fulfilled', value: `${item}!` },
        );
        batches.push({ items, end: () => resolve(outcomes), fail: reject });
      }),
  });
  return { batcher, batches, shown: () => batches.map(({ items }) => items) };
}

async function settle(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

describe('Batcher', () => {
  it('runs an item alone and at once while nothing else runs', async () => {
    const { batcher, batches, shown } = open();
    const first = batcher.add('a');
    expect(shown()).toEqual([['a']]);
    batches[0]?.end();
    expect(await first).toBe('a!');
  });

  it('lets what comes meanwhile go together, in the order it came', async () => {
    const { batcher, batches, shown } = open({ atOnce: 2 });
    const all = ['a', 'b', 'c', 'd'].map(async (item) => batcher.add(item));
    expect(shown()).toEqual([['a'], ['b']]);
    batches[1]?.end();
    await settle();
    expect(shown()).toEqual([['a'], ['b'], ['c', 'd']]);
    for (const batch of batches) batch.end();
    expect(await Promise.all(all)).toEqual(['a!', 'b!', 'c!', 'd!']);
  });

  it('answers each item for itself', async () => {
    const { batcher, batches } = open();
    const first = batcher.add('a');
    const others = Promise.allSettled([batcher.add('bad one'), batcher.add('c')]);
    batches[0]?.end();
    await first;
    await settle();
    batches[1]?.end();
    expect(await others).toEqual([
      { status: 'rejected', reason: new Error('bad one') },
      { status: 'fulfilled', value: 'c!' },
    ]);
  });

  it('rejects every item of a batch that failed, and goes on with the next', async () => {
    const { batcher, batches } = open();
    const first = batcher.add('a');
    const next = batcher.add('b');
    batches[0]?.fail(new Error('away'));
    await expect(first).rejects.toThrow('away');
    await settle();
    batches[1]?.end();
    expect(await next).toBe('b!');
  });

  it('makes no batch heavier than allowed, save for one item that is so by itself', async () => {
    const { batcher, batches, shown } = open({ maxWeight: 5, weigh: (item) => item.length });
    for (const item of ['x', 'aaa', 'bb', 'c', 'ddddddd', 'e']) void batcher.add(item);
    for (let index = 0; index < 4; index += 1) {
      batches[index]?.end();
      await settle();
    }
    expect(shown()).toEqual([['x'], ['aaa', 'bb'], ['c'], ['ddddddd'], ['e']]);
  });
});
