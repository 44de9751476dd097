import fc from 'fast-check';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { scripts } from '../../support/order-script.ts';
import { runScript } from '../../support/run-script.ts';
import type { RunScriptOptions } from '../../support/run-script.ts';
import type { Tablehook } from '../../support/tablehook.ts';
import { startTablehook } from '../../support/tablehook.ts';

// A run that failed is run again with the seed and the path that fast-check tells: ORDER_SEED=… ORDER_PATH=…
const SEED = Number(process.env['ORDER_SEED'] ?? Date.now() % 2 ** 31);
const PATH = process.env['ORDER_PATH'];
const RUNS = Number(process.env['ORDER_RUNS'] ?? 4);
const RUN_MS = 120_000;

/** No reconciler, and fallback timers that last a day: whatever settles was woken by what it waited for. */
const NEVER = 3_600_000;
const SOON_OPEN = { failures: 4, failingForMs: 100, probeAfterMs: 100, maxProbeAfterMs: 400 };

describe(`order per record amid random failures and interleavings (seed ${SEED})`, () => {
  let tablehook: Tablehook;
  const workers: RunScriptOptions['workers'] = [];

  beforeAll(async () => {
    tablehook = await startTablehook({ reconcileEveryMs: NEVER, circuit: SOON_OPEN });
  });
  afterAll(async () => tablehook.stop());

  const check = async (delivery: object, { withWorkers = false } = {}) =>
    fc.assert(
      fc.asyncProperty(scripts({ withWorkers }), async (script) =>
        runScript(tablehook, script, { delivery, workers }),
      ),
      // A script takes seconds: the one that failed is told, and no smaller one is looked for.
      { seed: SEED, numRuns: RUNS, endOnFailure: true, ...(PATH !== undefined && { path: PATH }) },
    );

  it('holds, and all settles when the noise is over', async () => check({}), RUNS * RUN_MS);

  it(
    'holds under a rate and few seats',
    async () => check({ ratePerSecond: 60, maxInFlight: 2 }),
    RUNS * RUN_MS,
  );

  it('holds with one seat', async () => check({ maxInFlight: 1 }), RUNS * RUN_MS);

  it('holds while workers come and go', async () => check({}, { withWorkers: true }), RUNS * RUN_MS);
});
