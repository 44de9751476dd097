import { createHash } from 'node:crypto';

/** A source of chance that is the same for the same seed. */
export interface Random {
  /** From 0 to 1, 1 excluded. */
  next: () => number;
  /** A whole number, both ends included. */
  between: (least: number, most: number) => number;
  pick: <T>(items: readonly [T, ...T[]]) => T;
  chance: (probability: number) => boolean;
  /** Another source, which depends on the seed and the name alone, not on what was drawn before. */
  fork: (name: string) => Random;
}

/** Opens a source of chance by a seed (mulberry32). */
export function openRandom(seed: string): Random {
  let state = createHash('sha256').update(seed).digest().readUInt32LE();
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const between = (least: number, most: number) => least + Math.floor(next() * (most - least + 1));
  return {
    next,
    between,
    pick: <T>(items: readonly [T, ...T[]]) => items[between(0, items.length - 1)] ?? items[0],
    chance: (probability) => next() < probability,
    fork: (name) => openRandom(`${seed}/${name}`),
  };
}
