/**
 * When each request of a fixed arrival rate is due, in milliseconds from the start: evenly spaced, decided before the first
 * one is sent, so that a slow server changes latencies and never the rate.
 */
export function toSchedule({ perSecond, durationMs }: { perSecond: number; durationMs: number }): number[] {
  const count = Math.floor((perSecond * durationMs) / 1000);
  return Array.from({ length: count }, (_, index) => (index * 1000) / perSecond);
}
