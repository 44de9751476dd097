import { describe, expect, it } from 'vitest';
import { Budget } from '../../../src/services/budget.ts';

/** Work that is under way until it is ended by name. */
function openStage(budget: Budget) {
  const begun: string[] = [];
  const ends = new Map<string, () => void>();
  const ended: Promise<void>[] = [];
  return {
    begun,
    begin: (name: string, amount: number, of?: string) => {
      const work = async () => {
        begun.push(name);
        await new Promise<void>((resolve) => ends.set(name, resolve));
      };
      ended.push(budget.run(amount, work, of));
    },
    end: async (name: string) => {
      ends.get(name)?.();
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
}

describe('a budget', () => {
  it('lets work wait for what is left, first come, first served', async () => {
    const stage = openStage(new Budget({ total: 4 }));
    stage.begin('a', 3);
    stage.begin('b', 2);
    stage.begin('c', 1);
    expect(stage.begun).toEqual(['a']);
    await stage.end('a');
    expect(stage.begun).toEqual(['a', 'b', 'c']);
  });

  it('lets work alone that needs more than there is', async () => {
    const stage = openStage(new Budget({ total: 4 }));
    stage.begin('a', 1);
    stage.begin('huge', 9);
    stage.begin('b', 1);
    await stage.end('a');
    expect(stage.begun).toEqual(['a', 'huge']);
    await stage.end('huge');
    expect(stage.begun).toEqual(['a', 'huge', 'b']);
  });

  it('leaves room to others, however much one asks for', async () => {
    const stage = openStage(new Budget({ total: 4, shareOfOne: 0.75 }));
    for (const name of ['a1', 'a2', 'a3', 'a4', 'a5']) stage.begin(name, 1, 'a');
    expect(stage.begun).toEqual(['a1', 'a2', 'a3']);
    stage.begin('b1', 1, 'b');
    expect(stage.begun).toEqual(['a1', 'a2', 'a3', 'b1']);
    await stage.end('a1');
    expect(stage.begun.at(-1)).toBe('a4');
  });

  it('gives back what failed work had', async () => {
    const budget = new Budget({ total: 1 });
    const failed = budget.run(1, async () => Promise.reject(new Error('no')));
    const next = budget.run(1, async () => 'done');
    await expect(failed).rejects.toThrow('no');
    expect(await next).toBe('done');
  });
});
