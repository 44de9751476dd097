import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    projects: [
      // The bound is for what is stuck: some of them start processes.
      { test: { name: 'unit', include: ['test/unit/**/*.test.ts'], testTimeout: 60_000 } },
      {
        test: {
          name: 'servers',
          include: [
            'test/integration/**/*.test.ts',
            'test/process/**/*.test.ts',
            'test/workflow/**/*.test.ts',
          ],
          globalSetup: ['test/support/global-setup.ts'],
          // For what is stuck: three things that a test waits for may each take as long as `until` waits.
          testTimeout: 180_000,
          hookTimeout: 240_000,
          // One real MongoDB and one real Temporal serve them all; on two cores more at once only wait for each other.
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: 'network',
          include: ['test/network/**/*.test.ts'],
          testTimeout: 180_000,
          hookTimeout: 240_000,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
