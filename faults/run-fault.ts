import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sleep } from '../bench/sleep.ts';
import type { Fault } from './fault.ts';
import { prepareGround } from './load/ground.ts';
import { startLoad } from './load/start-load.ts';
import type { Random } from './random.ts';
import type { Facts, Finding } from './reconcile/facts.ts';
import type { Judgement } from './reconcile/judge.ts';
import { judge } from './reconcile/judge.ts';
import { judgeRest } from './reconcile/judge-rest.ts';
import type { ToldWorkflows } from './reconcile/judge-workflows.ts';
import { judgeWorkflows } from './reconcile/judge-workflows.ts';
import type { Store } from './reconcile/store.ts';
import { openStore } from './reconcile/store.ts';
import type { Stage } from './stage/stage.ts';

/** One run of one fault. */
export interface RunOptions {
  stage: Stage;
  /** Of the run, unlike any other's on the stage. */
  name: string;
  random: Random;
  perSecond: number;
  told: ToldWorkflows;
  say: (line: string) => void;
}

/** What came of it. */
export interface FaultResult extends Omit<Judgement, 'known'> {
  fault: string;
  /** How long the fault lasted, until everything that was down was up again. */
  lastedMs: number;
  /** From the healing until the last delivery of a change accepted before it was settled; 0 when all was by then. */
  recoveryMs: number;
  /** The deliveries that were settled last of these, with their attempts, in seconds from the healing. */
  last: string[];
  /** Workflows that still run though nothing is owed any more. */
  outlived: string[];
}

/** What is still owed has workflows, and is a finding by itself. */
const NOT_ASKED = { findings: [], outlived: [] };
const BEFORE_MS = [2_000, 5_000] as const;
const AFTER_MS = 3_000;
const SETTLE_WITHIN_MS = 240_000;

/** Loads a stage, injects the fault at a random moment, heals it, waits until nothing is owed, and judges. */
export async function runFault(fault: Fault, options: RunOptions): Promise<FaultResult> {
  const { stage, name, random, perSecond, say } = options;
  const ground = await prepareGround(stage, name);
  const { apiUrl, apiKey, folder } = stage;
  const ledger = join(folder, `${name}.accepted.jsonl`);
  const load = startLoad({ apiUrl, apiKey, ground, name, perSecond, ledger, random: random.fork('load') });
  const [lastedMs, healedAt] = await injectAndHeal(fault, options).catch(async (error: unknown) => {
    await load.stop();
    throw error;
  });
  const writes = await load.stop();
  const store = openStore(stage.database.uri, ground);
  try {
    say(`  healed after ${seconds(lastedMs)}; waiting until all is settled`);
    const unsettled = await waitUntilSettled(store);
    const [changes, deliveries] = [await store.changes(), await store.deliveries()];
    const paths = new Set(ground.webhooks.map(({ path }) => path));
    const calls = (await stage.receiver.calls()).filter(({ path }) => paths.has(path));
    const facts: Facts = { ground, writes, changes, deliveries, calls };
    const { known, ...judgement } = judge(facts);
    const workflows = unsettled === 0 ? await judgeWorkflows(stage, options.told) : NOT_ASKED;
    const findings: Finding[] = [
      ...judgement.findings,
      ...(await judgeRest(stage, { facts, known })),
      ...workflows.findings,
    ];
    const result: FaultResult = {
      ...judgement,
      ...{ fault: fault.name, findings, lastedMs, outlived: workflows.outlived },
      ...recoveryOf(facts, healedAt),
    };
    await writeFile(join(folder, `${name}.verdict.json`), JSON.stringify(result, null, 1));
    return result;
  } finally {
    await store.close();
  }
}

async function injectAndHeal(fault: Fault, { stage, random, say }: RunOptions): Promise<[number, number]> {
  const moments = random.fork('moments');
  await sleep(moments.between(...BEFORE_MS));
  const injectedAt = Date.now();
  const heal = await fault.inject(stage, random.fork('fault'));
  say(`  ${fault.sentence}`);
  await sleep(moments.between(...fault.lastsMs));
  await heal();
  const healedAt = Date.now();
  await sleep(AFTER_MS);
  return [healedAt - injectedAt, healedAt];
}

/** Answers what is left when the time is up. */
async function waitUntilSettled(store: Store): Promise<number> {
  const deadline = Date.now() + SETTLE_WITHIN_MS;
  for (;;) {
    const left = await store.countUnsettled();
    if (left === 0 || Date.now() > deadline) return left;
    await sleep(250);
  }
}

const MOST_LATE = 5;

function recoveryOf(
  { writes, deliveries }: Facts,
  healedAt: number,
): Pick<FaultResult, 'recoveryMs' | 'last'> {
  const before = new Set(
    writes.flatMap(({ at, outcome }) =>
      at <= healedAt && outcome.kind === 'accepted' ? outcome.changes.map(({ changeId }) => changeId) : [],
    ),
  );
  const late = deliveries
    .flatMap((delivery) => {
      const { changeId, settledAt } = delivery;
      const tookMs = before.has(changeId) && settledAt ? settledAt.getTime() - healedAt : 0;
      return tookMs > 0 ? [{ delivery, tookMs }] : [];
    })
    .toSorted((a, b) => b.tookMs - a.tookMs);
  const last = late.slice(0, MOST_LATE).map(({ delivery, tookMs }) => {
    const { _id, webhookName, attempts } = delivery;
    const tries = attempts.map(
      ({ startedAt, outcome }) => `${outcome} at ${seconds(startedAt.getTime() - healedAt)}`,
    );
    return `${_id} to ${webhookName}, after ${seconds(tookMs)}: ${tries.join(', ')}`;
  });
  return { recoveryMs: late[0]?.tookMs ?? 0, last };
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}
