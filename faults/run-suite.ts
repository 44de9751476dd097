import { join } from 'node:path';
import type { Binaries } from '../bench/systems/servers.ts';
import type { Fault } from './fault.ts';
import { openRandom } from './random.ts';
import { describeRun } from './report/describe-run.ts';
import { awaitOutlived } from './reconcile/judge-workflows.ts';
import { runFault } from './run-fault.ts';
import { openStage } from './stage/open-stage.ts';
import type { Stage, StageKind } from './stage/stage.ts';
import type { SuiteRun } from './suite-run.ts';
import { hasFailed } from './suite-run.ts';

export interface SuiteOptions {
  faults: readonly Fault[];
  seed: number;
  minutes: number | null;
  perSecond: number;
  binaries: Pick<Binaries, 'mongod' | 'temporal'>;
  folder: string;
  say: (line: string) => void;
  /** Hears what there is after each run: a suite that is interrupted has told what it found. */
  onRun: (sofar: SuiteResult) => Promise<void>;
}

/** All runs, and the workflows that still ran at the end of a stage though they had time to be found. */
export interface SuiteResult {
  runs: SuiteRun[];
  outlived: string[];
}

/** Runs faults one after the other, those of a kind of stage on one stage; a stage on which one failed is not used again. */
export async function runSuite(options: SuiteOptions): Promise<SuiteResult> {
  const { faults, minutes, say } = options;
  const deadline = Date.now() + (minutes ?? 0) * 60_000;
  const runs: SuiteRun[] = [];
  const stages = openStages(options);
  try {
    for (let round = 1; round === 1 || Date.now() < deadline; round += 1) {
      for (const fault of faults) {
        const run = await runOnce(options, { fault, round, stages });
        runs.push(run);
        say(describeRun(run));
        if (hasFailed(run)) await stages.close();
        await options.onRun({ runs, outlived: stages.outlived });
      }
    }
    await stages.close();
    return { runs, outlived: stages.outlived };
  } finally {
    await stages.close();
  }
}

interface OpenStage {
  stage: Stage;
  told: Set<string>;
}

interface Stages {
  outlived: string[];
  of: (kind: StageKind) => Promise<OpenStage>;
  close: () => Promise<void>;
}

function openStages({ binaries, folder, say }: SuiteOptions): Stages {
  let open: OpenStage | null = null;
  let opened = 0;
  const outlived: string[] = [];
  const close = async () => {
    const closing = open;
    open = null;
    if (closing && closing.told.size > 0) {
      say('waiting until workflows that outlived their deliveries are found and ended');
      outlived.push(...(await awaitOutlived(closing.stage)));
    }
    for (const failure of (await closing?.stage.close()) ?? []) say(`  at the end of a stage: ${failure}`);
  };
  return {
    close,
    outlived,
    of: async (kind) => {
      if (open?.stage.kind === kind) return open;
      await close();
      opened += 1;
      const stage = await openStage({ kind, binaries, folder: join(folder, `stage-${opened}`) });
      open = { stage, told: new Set() };
      return open;
    },
  };
}

async function runOnce(
  options: SuiteOptions,
  { fault, round, stages }: { fault: Fault; round: number; stages: Stages },
): Promise<SuiteRun> {
  const { seed, say } = options;
  const name = `${fault.name}-${round}`;
  const reason = (await fault.cannotRun?.()) ?? null;
  if (reason !== null) return { kind: 'not-run', fault: fault.name, reason };
  say(`${name}, seed ${seed}`);
  try {
    const { stage, told } = await stages.of(fault.stage);
    const random = openRandom(`${seed}/${name}`);
    return { kind: 'ran', ...(await runFault(fault, { ...options, stage, told, name, random })) };
  } catch (error) {
    const why = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { kind: 'broke', fault: fault.name, reason: why };
  }
}
