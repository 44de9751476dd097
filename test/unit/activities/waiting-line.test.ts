import { describe, expect, it } from 'vitest';
import { WaitingLine } from '../../../activities/waiting-line.ts';

/** A line over stored deliveries that the test sees, and turns that it gives. */
function open(stored: string[]) {
  const kept: string[] = [];
  const errors: unknown[] = [];
  const state = { free: 0, fails: false, onFind: () => undefined as void };
  const line = new WaitingLine({
    load: {
      free: () => Math.max(0, state.free - kept.length),
      keep: (_webhookId, deliveryId) => void kept.push(deliveryId),
      keptFor: () => kept,
    },
    wakeNext: async (_webhookId, { limit, except }) => {
      if (state.fails) throw new Error('away');
      const next = stored.filter((id) => !except.includes(id)).slice(0, limit);
      state.onFind();
      return next;
    },
    onError: (error) => void errors.push(error),
  });
  return { line, kept, errors, state };
}

const settle = async () => new Promise((resolve) => setImmediate(resolve));

describe('WaitingLine', () => {
  it('wakes as many as have a turn, oldest first, and keeps the turns for them', async () => {
    const { line, kept, state } = open(['a', 'b', 'c']);
    line.join('whk');
    state.free = 2;
    line.call('whk');
    await settle();
    expect(kept).toEqual(['a', 'b']);
    expect(line.has('whk')).toBe(true);
  });

  it('ends when fewer wait than have a turn', async () => {
    const { line, kept, state } = open(['a']);
    line.join('whk');
    state.free = 2;
    line.call('whk');
    await settle();
    expect(kept).toEqual(['a']);
    expect(line.has('whk')).toBe(false);
  });

  it('does not end when one joins while it looks', async () => {
    const { line, state } = open([]);
    line.join('whk');
    state.free = 1;
    state.onFind = () => line.join('whk');
    line.call('whk');
    await settle();
    expect(line.has('whk')).toBe(true);
  });

  it('looks again when a turn becomes free while it looks', async () => {
    const stored = ['a', 'b'];
    const { line, kept, state } = open(stored);
    line.join('whk');
    state.free = 1;
    state.onFind = () => {
      state.onFind = () => undefined;
      state.free = 2;
      line.call('whk');
    };
    line.call('whk');
    await settle();
    expect(kept).toEqual(['a', 'b']);
  });

  it('asks nobody while no turn is free, and nothing at all where nobody waits', async () => {
    const { line, errors, state } = open(['a']);
    state.fails = true;
    line.call('whk');
    line.join('whk');
    line.call('whk');
    await settle();
    expect(errors).toEqual([]);
  });

  it('goes on at the next call after one that failed', async () => {
    const { line, kept, errors, state } = open(['a']);
    line.join('whk');
    state.free = 1;
    state.fails = true;
    line.call('whk');
    await settle();
    expect(errors).toHaveLength(1);
    state.fails = false;
    line.call('whk');
    await settle();
    expect(kept).toEqual(['a']);
  });

  it('looks after a line that another worker left behind', async () => {
    const { line, kept, state } = open(['a']);
    state.free = 1;
    line.recall('whk');
    await settle();
    expect(kept).toEqual(['a']);
  });
});
