/** Deliveries that one step of a replay puts in line at most. */
export const MAX_BATCH = 200;

/** How many deliveries one step puts in line: what is due in a second, or as many as go at once where there is no rate. */
export function batchSize(ratePerSecond: number | null): number {
  return ratePerSecond === null ? MAX_BATCH : Math.min(MAX_BATCH, Math.max(1, Math.ceil(ratePerSecond)));
}

/** How long to wait after `count` deliveries were put in line, so that no more than the rate go. */
export function pauseMs(count: number, ratePerSecond: number | null): number {
  return ratePerSecond === null ? 0 : Math.ceil((1000 * count) / ratePerSecond);
}
