import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { median, toPercentiles } from '../../../bench/measure/percentiles.ts';

describe('toPercentiles', () => {
  it('takes the sample of nearest rank, whatever order they come in', () => {
    const samples = Array.from({ length: 100 }, (_, index) => 100 - index);
    expect(toPercentiles(samples)).toEqual({ count: 100, p50: 50, p95: 95, p99: 99, max: 100 });
  });

  it('answers null without samples, and the only sample for every percentile', () => {
    expect(toPercentiles([])).toBeNull();
    expect(toPercentiles([7])).toEqual({ count: 1, p50: 7, p95: 7, p99: 7, max: 7 });
  });

  it('sorts by size, not by spelling', () => {
    expect(toPercentiles([9, 10, 100])?.max).toBe(100);
  });

  it('gives samples that at least that share does not exceed', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ noNaN: true }), { minLength: 1 }), (samples) => {
        const found = toPercentiles(samples);
        const share = (bound: number) => samples.filter((sample) => sample <= bound).length / samples.length;
        expect(share(found?.p50 ?? Number.NaN)).toBeGreaterThanOrEqual(0.5);
        expect(share(found?.p99 ?? Number.NaN)).toBeGreaterThanOrEqual(0.99);
        expect(samples).toContain(found?.p95);
      }),
    );
  });
});

describe('median', () => {
  it('is the middle, or the mean of the two in the middle', () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, 3, 2])).toBe(2.5);
    expect(median([])).toBeNull();
  });
});
