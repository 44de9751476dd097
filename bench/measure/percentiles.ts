/** What a set of samples looks like. Exact: every sample is kept and sorted, nothing is put into buckets. */
export interface Percentiles {
  count: number;
  p50: number;
  p95: number;
  p99: number;
  max: number;
}

/** Percentiles by nearest rank: the smallest sample that at least p per cent do not exceed. Null without samples. */
export function toPercentiles(samples: readonly number[]): Percentiles | null {
  if (samples.length === 0) return null;
  const sorted = Float64Array.from(samples).toSorted();
  const at = (percent: number) => sorted[rankOf(sorted.length, percent)] ?? Number.NaN;
  return { count: sorted.length, p50: at(50), p95: at(95), p99: at(99), max: at(100) };
}

/** The middle of a few figures: of an even number the mean of the two in the middle. Null without figures. */
export function median(figures: readonly number[]): number | null {
  const sorted = Float64Array.from(figures).toSorted();
  const [low, high] = [sorted[Math.floor((sorted.length - 1) / 2)], sorted[Math.floor(sorted.length / 2)]];
  return low === undefined || high === undefined ? null : (low + high) / 2;
}

function rankOf(count: number, percent: number): number {
  return Math.max(0, Math.ceil((count * percent) / 100) - 1);
}
