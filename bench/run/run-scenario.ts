import { loadavg } from 'node:os';
import { nowMs } from '../clock.ts';
import { workBetween } from '../measure/mongo-work.ts';
import { summarizeStream } from '../measure/summarize-stream.ts';
import type { LoadPlan, LoadTarget, Sample } from '../load/load-plan.ts';
import { watchUsage } from '../processes/watch-usage.ts';
import type { RecoveryFigures, RunResult, StreamFigures } from '../result.ts';
import type { Scenario } from '../scenario.ts';
import type { Arrival } from '../sink/arrival.ts';
import { startSystem } from '../systems/start-system.ts';
import type { RunningSystem, SystemName } from '../systems/system.ts';
import { awaitArrivals } from './await-arrivals.ts';
import { openCounters } from './counters.ts';
import type { BenchContext, RunGround } from './environment.ts';
import { owedPerChange } from './owed.ts';
import { prepareGround } from './prepare-ground.ts';
import { prepareTarget } from './prepare-target.ts';
import { createPost } from './rest-client.ts';
import type { Comeback } from './send-load.ts';
import { sendLoad } from './send-load.ts';
import { settle } from './settle.ts';

export interface RunScenarioInput {
  scenario: Scenario;
  system: SystemName;
  run: number;
  storedDataDir: string | null;
}

const REQUEST_TIMEOUT_MS = 60_000;
const MAX_WAIT_MS = 600_000;

/** Runs one scenario once, on servers and processes of its own, and leaves nothing behind. */
export async function runScenario(context: BenchContext, input: RunScenarioInput): Promise<RunResult> {
  const ground = await prepareGround(context, input);
  try {
    return await measure(context, input, ground);
  } finally {
    await ground.stack.close();
  }
}

async function measure(
  { quick, env, profiles, signal }: BenchContext,
  { scenario, system: name, run }: RunScenarioInput,
  ground: RunGround,
): Promise<RunResult> {
  const { load, fault, streams } = scenario;
  const { stack, servers, sink, generator, dataDir } = ground;
  const withoutWorkers = fault === 'outage';
  const system = await startSystem(name, { servers, dataDir, env, profiles, signal }, { withoutWorkers });
  stack.push(name, system.stop);
  const targets = await prepareTargets(system, { scenario, sinkUrl: sink.url });
  if (!withoutWorkers) await warmUp({ ground, system, target: targets.warmup, quick, signal });
  await sink.reset();
  const counters = await openCounters(ground);
  const idlePerSecond = await counters.readIdle(quick ? 2_000 : 5_000, signal);
  const owed = new Map(streams.map((stream) => [stream.name, owedPerChange(stream, load)]));

  const startedAt = new Date();
  const loadAverageBefore = loadavg()[0] ?? 0;
  const [callsBefore, mongoBefore, clockBefore] = [
    await counters.readCalls(signal),
    await counters.mongo.read(),
    nowMs(),
  ];
  const usage = await watchUsage([
    ...system.roles,
    ...servers.roles,
    { role: 'generator', pid: generator.process.pid },
    { role: 'sink', pid: sink.process.pid },
  ]);
  const plan = toPlan(system, { load, targets: targets.measured, salt: 0 });
  const { samples, comeback } = await sendLoad({ generator, system, plan, fault, signal, onRole: usage.add });
  const idleMs = quick ? 20_000 : 60_000;
  const arrivals = await awaitArrivals({ sink, samples, owed, idleMs, maxMs: MAX_WAIT_MS, signal });
  await settle({ mongo: counters.mongo, idlePerSecond, maxMs: quick ? 5_000 : 15_000, signal });
  const [used, windowSeconds] = [await usage.stop(), (nowMs() - clockBefore) / 1000];
  const mongo = workBetween(mongoBefore, await counters.mongo.read());
  const calls = await counters.readCalls(signal);
  const figures = summarize(scenario, { samples, arrivals, owed });
  return {
    scenario: scenario.name,
    system: name,
    run,
    quick,
    startedAt: startedAt.toISOString(),
    loadAverageBefore,
    streams: figures,
    measured: scenario.measured,
    sink: await sink.counts(),
    windowSeconds,
    usage: used,
    mongo,
    mongoIdlePerSecond: idlePerSecond,
    temporalCalls: calls && callsBefore ? callsBetween(callsBefore, calls) : null,
    workflows: await counters.readWorkflows(startedAt),
    recovery: comeback && toRecovery(comeback, { arrivals, figures }),
  };
}

async function prepareTargets(
  { urls, apiKey }: RunningSystem,
  { scenario, sinkUrl }: { scenario: Scenario; sinkUrl: string },
): Promise<{ warmup: LoadTarget; measured: LoadTarget[] }> {
  const post = createPost(urls[0] ?? '', apiKey);
  const ok = { name: 'warmup', webhooks: [{ count: 1, behaviour: { kind: 'ok' as const } }] };
  for (const stream of scenario.bystanders ?? []) await prepareTarget(post, stream, sinkUrl);
  const measured: LoadTarget[] = [];
  for (const stream of scenario.streams) measured.push(await prepareTarget(post, stream, sinkUrl));
  return { warmup: await prepareTarget(post, ok, sinkUrl), measured };
}

function toPlan(
  { urls, apiKey }: RunningSystem,
  { load, targets, salt }: Pick<LoadPlan, 'load' | 'targets' | 'salt'>,
): LoadPlan {
  return { urls, apiKey, load, targets, salt, timeoutMs: REQUEST_TIMEOUT_MS };
}

interface WarmUpInput {
  ground: RunGround;
  system: RunningSystem;
  target: LoadTarget;
  quick: boolean;
  signal: AbortSignal;
}

/** Lets every process compile its hot paths and open its connections, on a table of its own. */
async function warmUp({ ground, system, target, quick, signal }: WarmUpInput): Promise<void> {
  const { sink, generator } = ground;
  const load = { kind: 'rate' as const, perSecond: 40, durationMs: quick ? 2_000 : 8_000 };
  const samples = await generator.run(toPlan(system, { load, targets: [target], salt: 0 }), { signal });
  const owed = new Map([[target.stream, 1]]);
  await awaitArrivals({ sink, samples, owed, idleMs: 30_000, maxMs: 120_000, signal });
}

interface SummarizeInput {
  samples: readonly Sample[];
  arrivals: readonly Arrival[];
  owed: ReadonlyMap<string, number>;
}

function summarize(
  { streams, load }: Scenario,
  { samples, arrivals, owed }: SummarizeInput,
): Record<string, StreamFigures> {
  return Object.fromEntries(
    streams.map(({ name }) => [
      name,
      summarizeStream({
        load,
        samples: samples.filter(({ stream }) => stream === name),
        arrivals: arrivals.filter(({ stream }) => stream === name),
        owed: owed.get(name) ?? 0,
      }),
    ]),
  );
}

function toRecovery(
  { startedAt, readyAt, acceptedBefore }: Comeback,
  { arrivals, figures }: { arrivals: readonly Arrival[]; figures: Record<string, StreamFigures> },
): RecoveryFigures {
  const lost = Object.values(figures).reduce((sum, stream) => sum + stream.lost, 0);
  const lastAt = arrivals.reduce((latest, { at }) => Math.max(latest, at), startedAt);
  return {
    readyAfterMs: readyAt - startedAt,
    allArrivedAfterMs: lost === 0 ? lastAt - startedAt : null,
    acceptedBefore,
  };
}

function callsBetween(before: Record<string, number>, after: Record<string, number>): Record<string, number> {
  return Object.fromEntries(
    Object.entries(after).map(([operation, count]) => [operation, count - (before[operation] ?? 0)]),
  );
}
