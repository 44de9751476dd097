import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CommanderError } from 'commander';
import { findBinaries } from '../bench/systems/servers.ts';
import type { FaultArguments } from './arguments.ts';
import { parseArguments } from './arguments.ts';
import { runSuite } from './run-suite.ts';

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
  const binaries = await findBinaries(say);
  const folder = await mkdtemp(join(tmpdir(), 'tablehook-reliability-'));
  const results = await runSuite({ ...args, binaries, folder, say });
  const failed = results.filter(({ findings }) => findings.length > 0);
  if (failed.length === 0) {
    await rm(folder, { recursive: true, force: true });
    return 0;
  }
  say(
    `seed ${args.seed}: ${failed.length} of ${results.length} runs failed; logs and verdicts are in ${folder}`,
  );
  return 1;
}
