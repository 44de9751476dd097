import { describe, expect, it } from 'vitest';
import type { BudgetAsk } from '../../../src/services/budget.ts';
import { Budget } from '../../../src/services/budget.ts';

/** Work that is under way until it is ended by name. */
function openStage(budget: Budget) {
  const begun: string[] = [];
  const ends = new Map<string, () => void>();
  const ended: Promise<void>[] = [];
  return {
    begun,
    begin: (name: string, amount: number, { of, signal }: BudgetAsk = {}) => {
      const work = async () => {
        begun.push(name);
        await new Promise<void>((resolve) => ends.set(name, resolve));
      };
      ended.push(budget.run(amount, work, { ...(of !== undefined && { of }), ...(signal && { signal }) }));
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
    for (const name of ['a1', 'a2', 'a3', 'a4', 'a5']) stage.begin(name, 1, { of: 'a' });
    expect(stage.begun).toEqual(['a1', 'a2', 'a3']);
    stage.begin('b1', 1, { of: 'b' });
    expect(stage.begun).toEqual(['a1', 'a2', 'a3', 'b1']);
    await stage.end('a1');
    expect(stage.begun.at(-1)).toBe('a4');
  });

  it('forgets who waits for work that nobody wants any more, and lets those behind it begin', async () => {
    const budget = new Budget({ total: 4 });
    const stage = openStage(budget);
    stage.begin('a', 3);
    const giveUp = new AbortController();
    const waiting = budget.run(4, async () => stage.begun.push('given up'), { signal: giveUp.signal });
    stage.begin('b', 1);
    expect(stage.begun).toEqual(['a']);
    giveUp.abort(new Error('too late'));
    await expect(waiting).rejects.toThrow('too late');
    expect(stage.begun).toEqual(['a', 'b']);
    await stage.end('a');
    await stage.end('b');
    expect(stage.begun).toEqual(['a', 'b']);
  });

  it('begins nothing that nobody wants, and ends nothing that has begun', async () => {
    const budget = new Budget({ total: 1 });
    const giveUp = new AbortController();
    const { signal } = giveUp;
    const begun = budget.run(1, async () => new Promise((resolve) => setImmediate(resolve, 'done')), {
      signal,
    });
    giveUp.abort(new Error('too late'));
    await expect(budget.run(1, async () => 'done', { signal })).rejects.toThrow('too late');
    expect(await begun).toBe('done');
    expect(await budget.run(1, async () => 'next')).toBe('next');
  });

  it('gives back what failed work had', async () => {
    const budget = new Budget({ total: 1 });
    const failed = budget.run(1, async () => Promise.reject(new Error('no')));
    const next = budget.run(1, async () => 'done');
    await expect(failed).rejects.toThrow('no');
    expect(await next).toBe('done');
  });
});
