import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { weaknessOf } from '../../../src/domain/weak-key.ts';

describe('weaknessOf', () => {
  it.each([
    ['zeros', Buffer.alloc(32), 'repeats the same bytes'],
    ['one byte', Buffer.alloc(32, 0xa7), 'repeats the same bytes'],
    ['a repeated group', Buffer.alloc(32, randomBytes(8)), 'repeats the same bytes'],
    [
      'what base64 letters in order decode to, repeated',
      Buffer.from('abcd'.repeat(11), 'base64').subarray(0, 32),
      'repeats the same bytes',
    ],
    [
      'numbers in order',
      Buffer.from(Array.from({ length: 32 }, (_, index) => index)),
      'is a sequence of bytes',
    ],
    [
      'numbers downwards',
      Buffer.from(Array.from({ length: 32 }, (_, index) => 10 - index)),
      'is a sequence of bytes',
    ],
    ['text', Buffer.from('change me, this is an example !!'), 'is readable text'],
  ])('refuses %s', (_what, bytes, weakness) => {
    expect(bytes).toHaveLength(32);
    expect(weaknessOf(bytes)).toBe(weakness);
  });

  it('takes random bytes', () => {
    for (let round = 0; round < 2_000; round += 1) expect(weaknessOf(randomBytes(32))).toBeNull();
  });
});
