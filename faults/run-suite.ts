import { join } from 'node:path';
import type { Binaries } from '../bench/systems/servers.ts';
import type { Fault } from './fault.ts';
import { openRandom } from './random.ts';
import { describeResult } from './report/describe-result.ts';
import type { FaultResult } from './run-fault.ts';
import { runFault } from './run-fault.ts';
import type { Stage, StageKind } from './stage/stage.ts';
import { openStage } from './stage/open-stage.ts';

export interface SuiteOptions {
  faults: readonly Fault[];
  seed: number;
  minutes: number | null;
  perSecond: number;
  binaries: Pick<Binaries, 'mongod' | 'temporal'>;
  folder: string;
  say: (line: string) => void;
}

/** Runs faults one after the other, those of a kind of stage on one stage; a stage that failed is not used again. */
export async function runSuite(options: SuiteOptions): Promise<FaultResult[]> {
  const { faults, seed, minutes, say } = options;
  const deadline = Date.now() + (minutes ?? 0) * 60_000;
  const results: FaultResult[] = [];
  let open: { stage: Stage; told: Set<string> } | null = null;
  let opened = 0;
  const stageOf = async (kind: StageKind) => {
    if (open?.stage.kind === kind) return open;
    for (const failure of (await open?.stage.close()) ?? []) say(`  at the end of a stage: ${failure}`);
    open = null;
    opened += 1;
    const folder = join(options.folder, `stage-${opened}`);
    open = { stage: await openStage({ ...options, kind, folder }), told: new Set() };
    return open;
  };
  const close = async () => {
    await open?.stage.close();
    open = null;
  };
  try {
    for (let round = 1; round === 1 || Date.now() < deadline; round += 1) {
      for (const fault of faults) {
        const name = `${fault.name}-${round}`;
        const reason = (await fault.cannotRun?.()) ?? null;
        if (reason !== null) {
          say(`${fault.name}: not run: ${reason}`);
          continue;
        }
        say(`${name}, seed ${seed}`);
        const { stage, told } = await stageOf(fault.stage);
        const random = openRandom(`${seed}/${name}`);
        const result = await runFault(fault, { ...options, stage, told, name, random });
        results.push(result);
        say(describeResult(result));
        if (result.findings.length > 0) await close();
      }
    }
    return results;
  } finally {
    await close();
  }
}
