import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createMemoryStore } from '../../../src/receiver/seen-store.ts';

describe('createMemoryStore', () => {
  it('knows the last ids it was given, as many as its size, and no other', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 9 })), fc.integer({ min: 1, max: 5 }), (added, size) => {
        const store = createMemoryStore({ size });
        for (const id of added) void store.add(`dlv_${id}`);
        const kept = new Set([...new Set(added.toReversed())].slice(0, size));
        for (let id = 0; id < 10; id += 1) expect(store.has(`dlv_${id}`)).toBe(kept.has(id));
      }),
    );
  });

  it.each([0, -1, 1.5, Number.NaN])('is not made for %s ids', (size) => {
    expect(() => createMemoryStore({ size })).toThrow('size must be a whole number');
  });
});
