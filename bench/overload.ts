import { writeFile } from 'node:fs/promises';
import { loadavg } from 'node:os';
import type { OverloadArguments, OverloadSystem } from './overload/arguments.ts';
import { parseArguments } from './overload/arguments.ts';
import { checkOverload } from './overload/checks.ts';
import { describeOverload } from './overload/describe.ts';
import { measureOverload } from './overload/measure.ts';
import type { OverloadFile, OverloadRun } from './overload/result.ts';
import type { BenchBase } from './run-bench.ts';
import { runBench } from './run-bench.ts';
import type { BenchContext } from './run/environment.ts';
import { describeCommit, describeMachine } from './run/machine.ts';
import { prepareGround } from './run/prepare-ground.ts';
import { prepareTarget } from './run/prepare-target.ts';
import { createPost } from './run/rest-client.ts';
import { startSystem } from './systems/start-system.ts';

await runBench({ name: 'overload', parseArguments, run });

/**
 * Measures one system after the other, and writes what is known after each. Answers 1 when something that has to hold does
 * not.
 */
async function run(args: OverloadArguments, { startedAt, ...base }: BenchBase): Promise<number> {
  const { binaries, say } = base;
  const context = { ...base, quick: false, env: args.env, profiles: null };
  const [commit, machine] = [await describeCommit(), await describeMachine(binaries.versions)];
  const runs: OverloadRun[] = [];
  for (const system of args.systems) {
    runs.push(await runSystem(args, system, context));
    const finishedAt = new Date().toISOString();
    const file: OverloadFile = {
      kind: 'overload',
      version: 1,
      startedAt,
      finishedAt,
      ...commit,
      machine,
      runs,
    };
    await writeFile(args.out, `${JSON.stringify(file, null, 1)}\n`);
    if (runs.length === args.systems.length) process.stdout.write(`${describeOverload(file)}\n`);
  }
  say(`figures are in ${args.out}`);
  return runs.every(({ checks }) => checks.every(({ holds }) => holds)) ? 0 : 1;
}

async function runSystem(
  args: OverloadArguments,
  name: OverloadSystem,
  context: BenchContext,
): Promise<OverloadRun> {
  context.say(`measuring ${name}`);
  const loadAverageBefore = loadavg()[0] ?? 0;
  const { stack, servers, sink, generator, dataDir } = await prepareGround(context, { storedDataDir: null });
  try {
    const system = await startSystem(name, { servers, dataDir, ...context });
    stack.push(name, system.stop);
    const post = createPost(system.urls[0] ?? '', system.apiKey);
    const stream = { name: 'main', webhooks: [{ count: 1, behaviour: { kind: 'ok' as const } }] };
    const target = await prepareTarget(post, stream, sink.url);
    const roles = [...system.roles, ...servers.roles];
    const { signal, say } = context;
    const figures = await measureOverload({ args, system, generator, sink, target, roles, signal, say });
    return { system: name, loadAverageBefore, ...figures, checks: checkOverload(figures) };
  } finally {
    await stack.close();
  }
}
