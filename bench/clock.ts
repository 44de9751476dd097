/**
 * Milliseconds with fractions on the clock that all processes of one machine share (CLOCK_MONOTONIC): generator, sink and
 * bench read the same one, and no step or slew of the wall clock gets between two readings.
 */
export function nowMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}
