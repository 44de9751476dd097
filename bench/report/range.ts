import { median } from '../measure/percentiles.ts';
import { formatNumber } from './format-number.ts';

/** What repeated runs gave: the middle one and the extremes. */
export interface Range {
  median: number;
  min: number;
  max: number;
  count: number;
}

/** The range of a figure over runs; null when no run has it. */
export function toRange(figures: readonly (number | null)[]): Range | null {
  const known = figures.filter((figure) => figure !== null);
  const middle = median(known);
  return middle === null
    ? null
    : { median: middle, min: Math.min(...known), max: Math.max(...known), count: known.length };
}

/** "12.3 (11.9–14)", or just the figure where the runs do not differ. */
export function formatRange(range: Range | null): string {
  if (range === null) return '–';
  const [middle, low, high] = [range.median, range.min, range.max].map(formatNumber);
  return low === high ? `${middle}` : `${middle} (${low}–${high})`;
}
