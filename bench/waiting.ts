import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { CommanderError } from 'commander';
import { Stack } from './processes/stack.ts';
import { startSink } from './processes/start-sink.ts';
import { describeCommit, describeMachine } from './run/machine.ts';
import { findBinaries, startServers } from './systems/servers.ts';
import type { WaitingArguments } from './waiting/arguments.ts';
import { parseArguments } from './waiting/arguments.ts';
import { checkWaiting } from './waiting/checks.ts';
import { describeWaiting } from './waiting/describe.ts';
import { measureWaiting } from './waiting/measure-waiting.ts';
import type { WaitingFile } from './waiting/result.ts';
import { openStage } from './waiting/stage.ts';

const say = (line: string): void => void process.stderr.write(`${line}\n`);

const interrupted = new AbortController();

try {
  process.exitCode = await run(parseArguments(process.argv.slice(2)), interrupted);
} catch (error) {
  if (error instanceof CommanderError) process.exit(error.exitCode);
  if (!interrupted.signal.aborted) throw error;
  say(`${String(interrupted.signal.reason)}; everything is stopped`);
  process.exit(130);
}

/** Measures once, on servers of its own. Answers 1 when something that has to hold does not. */
async function run(args: WaitingArguments, interruption: AbortController): Promise<number> {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => interruption.abort(new Error(`ended by ${signal}`)));
  }
  const { out, env, profiles, ...plan } = args;
  const startedAt = new Date().toISOString();
  const before = loadavg()[0] ?? 0;
  const binaries = await findBinaries(say);
  const stack = new Stack((name, error) => say(`${name} did not stop: ${String(error)}`));
  try {
    const dataDir = await mkdtemp(join(tmpdir(), 'tablehook-waiting-'));
    stack.push('data', async () => rm(dataDir, { recursive: true, force: true }));
    const { signal } = interruption;
    const servers = await startServers(binaries, { dataDir, signal });
    stack.push('servers', servers.stop);
    const sink = await startSink();
    stack.push('sink', sink.process.stop);
    const roles = [{ role: 'sink', pid: sink.process.pid }];
    const stage = await openStage({ plan, servers, sink, roles, stack, dataDir, env, profiles, signal, say });
    const figures = await measureWaiting(stage);
    const file: WaitingFile = {
      version: 1,
      startedAt,
      finishedAt: new Date().toISOString(),
      ...(await describeCommit()),
      machine: await describeMachine(binaries.versions),
      loadAverage: { before, after: loadavg()[0] ?? 0 },
      ...figures,
      checks: checkWaiting(figures),
    };
    await writeFile(out, `${JSON.stringify(file, null, 1)}\n`);
    process.stdout.write(`${describeWaiting(file)}\n`);
    say(`figures are in ${out}`);
    return file.checks.every(({ holds }) => holds) ? 0 : 1;
  } finally {
    await stack.close();
  }
}
