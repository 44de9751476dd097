import { describe, expect, it } from 'vitest';
import { toSchedule } from '../../../bench/load/schedule.ts';

describe('toSchedule', () => {
  it('spaces as many requests as the rate asks for evenly over the time', () => {
    expect(toSchedule({ perSecond: 4, durationMs: 1_500 })).toEqual([0, 250, 500, 750, 1_000, 1_250]);
  });

  it('does not drift when the spacing is no whole number of milliseconds', () => {
    const schedule = toSchedule({ perSecond: 300, durationMs: 60_000 });
    expect(schedule).toHaveLength(18_000);
    expect(schedule.at(9_000)).toBe(30_000);
  });
});
