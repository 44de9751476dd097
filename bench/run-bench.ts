import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CommanderError } from 'commander';
import type { BenchContext } from './run/environment.ts';
import { findBinaries } from './systems/servers.ts';

/** What a bench runs on, whatever it measures. */
export interface BenchBase extends Pick<BenchContext, 'binaries' | 'folder' | 'signal' | 'say'> {
  startedAt: string;
}

export interface Bench<Args> {
  name: string;
  parseArguments: (argv: readonly string[]) => Args;
  /** Answers the exit code. Stops what it started, and does so as well when `signal` makes it fail. */
  run: (args: Args, base: BenchBase) => Promise<number>;
}

/**
 * Runs a bench as a program, in a temporary folder that is removed afterwards. SIGINT and SIGTERM abort its signal; it ends
 * with 130 once everything is stopped. Other failures are thrown.
 */
export async function runBench<Args>({ name, parseArguments, run }: Bench<Args>): Promise<void> {
  const interruption = new AbortController();
  const { signal } = interruption;
  try {
    const args = parseArguments(process.argv.slice(2));
    for (const received of ['SIGINT', 'SIGTERM'] as const) {
      // Not once: what started the bench may hand on a Ctrl-C that it got as well, and the second would end it unclean.
      process.on(received, () => interruption.abort(new Error(`ended by ${received}`)));
    }
    const startedAt = new Date().toISOString();
    const binaries = await findBinaries(say);
    const folder = await mkdtemp(join(tmpdir(), `tablehook-${name}-`));
    try {
      process.exitCode = await run(args, { startedAt, binaries, folder, signal, say });
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  } catch (error) {
    if (error instanceof CommanderError) process.exit(error.exitCode);
    if (!signal.aborted) throw error;
    say(`${String(signal.reason)}; everything is stopped`);
    process.exit(130);
  }
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}
