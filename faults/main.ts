import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CommanderError } from 'commander';
import { describeCommit, describeMachine } from '../bench/run/machine.ts';
import { findBinaries } from '../bench/systems/servers.ts';
import type { FaultArguments } from './arguments.ts';
import { parseArguments } from './arguments.ts';
import { writeUp } from './report/write-up.ts';
import type { SuiteResult } from './run-suite.ts';
import { runSuite } from './run-suite.ts';
import { hasFailed } from './suite-run.ts';

const REPORT = fileURLToPath(new URL('../docs/reliability.md', import.meta.url));

const say = (line: string): void => void process.stderr.write(`${line}\n`);

try {
  process.exitCode = await main(parseArguments(process.argv.slice(2)));
} catch (error) {
  if (error instanceof CommanderError) process.exit(error.exitCode);
  throw error;
}

/** Runs what was asked for; 0 when nothing was found amiss. */
async function main(args: FaultArguments): Promise<number> {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    // What was started is killed with us, and what was mounted or made is undone.
    process.on(signal, () => process.exit(130));
  }
  say(`seed ${args.seed}`);
  const date = new Date().toISOString().slice(0, 10);
  const binaries = await findBinaries(say);
  const folder = await mkdtemp(join(tmpdir(), 'tablehook-reliability-'));
  const about = {
    ...args,
    ...(await describeCommit()),
    date,
    machine: await describeMachine(binaries.versions),
  };
  const write = async (result: SuiteResult) => {
    if (args.write) await writeFile(REPORT, `${writeUp({ ...about, ...result })}\n`);
  };
  const result = await runSuite({ ...args, binaries, folder, say, onRun: write });
  await write(result);
  if (args.write) say('the report is in docs/reliability.md');
  const { runs, outlived } = result;
  for (const line of outlived) say(`at the end of a stage: ${line}`);
  const failed = runs.filter(hasFailed);
  if (failed.length === 0 && outlived.length === 0) {
    await rm(folder, { recursive: true, force: true });
    return 0;
  }
  say(
    `seed ${args.seed}: ${failed.length} of ${runs.length} runs failed; logs and verdicts are in ${folder}`,
  );
  return 1;
}
