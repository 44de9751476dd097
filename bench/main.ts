import { writeFile } from 'node:fs/promises';
import { parseArguments } from './arguments.ts';
import type { BenchArguments } from './arguments.ts';
import { describeLine } from './report/describe-line.ts';
import type { BenchFile, RunResult } from './result.ts';
import type { BenchBase } from './run-bench.ts';
import { runBench } from './run-bench.ts';
import type { BenchContext } from './run/environment.ts';
import { describeCommit, describeMachine } from './run/machine.ts';
import { runScenario } from './run/run-scenario.ts';
import { storeChanges } from './run/store-changes.ts';
import type { Scenario } from './scenario.ts';
import { toQuick } from './scenarios.ts';

await runBench({ name: 'bench', parseArguments, run: bench });

/** Runs what was asked for, run by run and not scenario by scenario, so that a slow quarter of an hour hits all alike. */
async function bench(args: BenchArguments, base: BenchBase): Promise<number> {
  const { startedAt, binaries, say } = base;
  const context: BenchContext = { ...args, ...base };
  const head = {
    version: 1 as const,
    startedAt,
    ...(await describeCommit()),
    quick: args.quick,
    machine: await describeMachine(binaries.versions),
  };
  const runs: RunResult[] = [];
  const write = async () => {
    const file: BenchFile = { ...head, finishedAt: new Date().toISOString(), runs };
    await writeFile(args.out, `${JSON.stringify(file, null, 1)}\n`);
  };
  const stored = new Map<number, string>();
  for (let run = 1; run <= args.runs; run += 1) {
    for (const given of args.scenarios) {
      const scenario = args.quick ? toQuick(given) : given;
      const storedDataDir = await dataFor(context, { scenario, stored, args });
      for (const system of systemsOf(scenario, args)) {
        const result = await runScenario(context, { scenario, system, run, storedDataDir });
        runs.push(result);
        say(describeLine(result));
        // After every run, so that an interrupted bench keeps what it has.
        await write();
      }
    }
  }
  say(`figures are in ${args.out}`);
  return 0;
}

function systemsOf({ systems }: Scenario, args: BenchArguments): Scenario['systems'] {
  return args.systems === null ? systems : systems.filter((name) => args.systems?.includes(name));
}

interface DataForInput {
  scenario: Scenario;
  stored: Map<number, string>;
  args: BenchArguments;
}

async function dataFor(
  context: BenchContext,
  { scenario, stored, args }: DataForInput,
): Promise<string | null> {
  const { storedChanges: count } = scenario;
  if (count === undefined || systemsOf(scenario, args).length === 0) return null;
  const folder = stored.get(count) ?? (await storeChanges(context, count));
  stored.set(count, folder);
  return folder;
}
