import type { Fault } from '../fault.ts';

const MINUTE_MS = 60_000;

/** Temporal dies, is away, or comes back knowing nothing. */
export const TEMPORAL: readonly Fault[] = [
  {
    name: 'kill-temporal',
    sentence: 'Temporal is killed with SIGKILL and started again on its data.',
    stage: 'single',
    lastsMs: [1_000, 5_000],
    inject: async ({ temporal }) => {
      await temporal.kill();
      return async () => temporal.start();
    },
  },
  {
    name: 'temporal-away',
    sentence: 'Temporal is killed with SIGKILL and is gone for a minute.',
    stage: 'single',
    lastsMs: [MINUTE_MS, MINUTE_MS],
    inject: async ({ temporal }) => {
      await temporal.kill();
      return async () => temporal.start();
    },
  },
  {
    name: 'temporal-empty',
    sentence:
      'Temporal is killed with SIGKILL, loses its database, and is set up anew with `tablehook setup`.',
    stage: 'single',
    lastsMs: [1_000, 5_000],
    inject: async ({ temporal, setup }) => {
      await temporal.kill();
      await temporal.empty();
      return async () => {
        await temporal.start();
        await setup();
      };
    },
  },
];
