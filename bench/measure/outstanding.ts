export interface Interval {
  from: number;
  until: number;
}

/**
 * How many intervals were open at a time, on average, in each quarter of a stretch. With what was accepted and has not
 * arrived as intervals: four figures that rise when a backlog grows.
 */
export function outstandingByQuarter(
  intervals: readonly Interval[],
  { startedAt, endedAt }: { startedAt: number; endedAt: number },
): number[] {
  const quarterMs = (endedAt - startedAt) / 4;
  if (!(quarterMs > 0)) return [];
  return [0, 1, 2, 3].map((quarter) => {
    const from = startedAt + quarter * quarterMs;
    const openMs = intervals.reduce(
      (sum, interval) => sum + overlap(interval, { from, until: from + quarterMs }),
      0,
    );
    return openMs / quarterMs;
  });
}

function overlap(a: Interval, b: Interval): number {
  return Math.max(0, Math.min(a.until, b.until) - Math.max(a.from, b.from));
}
