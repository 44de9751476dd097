import { writeFile } from 'node:fs/promises';
import { loadavg } from 'node:os';
import { Stack } from './processes/stack.ts';
import { startSink } from './processes/start-sink.ts';
import type { BenchBase } from './run-bench.ts';
import { runBench } from './run-bench.ts';
import { describeCommit, describeMachine } from './run/machine.ts';
import { startServers } from './systems/servers.ts';
import type { WaitingArguments } from './waiting/arguments.ts';
import { parseArguments } from './waiting/arguments.ts';
import { checkWaiting } from './waiting/checks.ts';
import { describeWaiting } from './waiting/describe.ts';
import { measureWaiting } from './waiting/measure-waiting.ts';
import type { WaitingFile } from './waiting/result.ts';
import { openStage } from './waiting/stage.ts';

await runBench({ name: 'waiting', parseArguments, run });

/** Measures once, on servers of its own. Answers 1 when something that has to hold does not. */
async function run(args: WaitingArguments, base: BenchBase): Promise<number> {
  const { startedAt, binaries, folder: dataDir, signal, say } = base;
  const { out, env, profiles, ...plan } = args;
  const before = loadavg()[0] ?? 0;
  const stack = new Stack((name, error) => say(`${name} did not stop: ${String(error)}`));
  try {
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
