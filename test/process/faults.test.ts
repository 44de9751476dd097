import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findBinaries } from '../../bench/systems/servers.ts';
import { inTurn } from '../../faults/faults/in-turn.ts';
import { findFault } from '../../faults/find-fault.ts';
import { openRandom } from '../../faults/random.ts';
import { runFault } from '../../faults/run-fault.ts';
import type { Stage } from '../../faults/stage/stage.ts';
import { openStage } from '../../faults/stage/open-stage.ts';

const SEED = 'ci';

/** Those of the whole suite that are over soonest; what Temporal has lost is noticed while the others go on. */
const [first, ...others] = ['temporal-empty', 'kill-worker', 'kill-api', 'kill-mongod', 'endpoint-fails'].map(
  (name) => ({ ...findFault(name), lastsMs: [500, 2_000] as const }),
);

describe('an installation under load, in which one part after the other fails', () => {
  let folder: string;
  let stage: Stage;
  let passed = false;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tablehook-short-faults-'));
    const binaries = await findBinaries(() => undefined);
    stage = await openStage({ kind: 'single', binaries, folder: join(folder, 'stage') });
  });
  afterAll(async () => {
    expect(await stage.close()).toEqual([]);
    // What a failure left behind tells why.
    if (passed) await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  it('delivers every accepted change, in order where that is promised, and nothing else', async () => {
    if (!first) throw new Error('There is no fault.');
    const { findings, accepted, delivered } = await runFault(inTurn('several', [first, ...others]), {
      ...{ stage, name: 'several', perSecond: 8, told: new Set(), say: () => undefined },
      random: openRandom(SEED),
    });
    expect(findings, `logs and verdict are in ${folder}`).toEqual([]);
    expect(accepted).toBeGreaterThan(50);
    expect(delivered).toBeGreaterThan(accepted);
    passed = true;
  }, 480_000);
});
