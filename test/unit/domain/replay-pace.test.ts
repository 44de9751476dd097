import { describe, expect, it } from 'vitest';
import { batchSize, pauseMs } from '../../../src/domain/replay-pace.ts';

describe('the pace of a replay', () => {
  it.each([
    [null, 200],
    [0.01, 1],
    [1, 1],
    [2.5, 3],
    [40, 40],
    [1000, 200],
  ])('at %s per second puts %i in line in one step', (rate, size) => {
    expect(batchSize(rate)).toBe(size);
  });

  it('does not pause without a rate, nor after a step that found nothing', () => {
    expect(pauseMs(200, null)).toBe(0);
    expect(pauseMs(0, 0.01)).toBe(0);
  });

  it.each([0.01, 0.3, 1, 2.5, 40, 333, 1000])('never goes faster than %s per second', (rate) => {
    const size = batchSize(rate);
    expect((1000 * size) / pauseMs(size, rate)).toBeLessThanOrEqual(rate);
    expect((1000 * size) / pauseMs(size, rate)).toBeGreaterThan(rate * 0.99);
  });
});
