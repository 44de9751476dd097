import { defineConfig } from 'vitest/config';

/** `npm run histories`: no test, and so in a configuration of its own. */
export default defineConfig({
  test: {
    include: ['test/workflow/record-histories.ts'],
    globalSetup: ['test/support/global-setup.ts'],
    testTimeout: 180_000,
    hookTimeout: 240_000,
  },
});
