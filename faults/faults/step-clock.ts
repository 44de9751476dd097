import type { Fault } from '../fault.ts';

const HOUR_MS = 3_600_000;

const step = (name: string, direction: 1 | -1): Fault => ({
  name,
  sentence: `The endpoint's clock steps one hour ${direction > 0 ? 'ahead' : 'back'}: by the tolerance of 5 minutes it refuses every call, until its clock is right again.`,
  stage: 'single',
  lastsMs: [4_000, 15_000],
  inject: async ({ receiver }) => {
    await receiver.stepClock(direction * HOUR_MS);
    return async () => receiver.stepClock(0);
  },
});

/** Clocks of the endpoint that are wrong for a while. */
export const STEP_CLOCK: readonly Fault[] = [step('clock-ahead', 1), step('clock-behind', -1)];
