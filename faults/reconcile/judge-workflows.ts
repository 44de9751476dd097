import { Client, Connection } from '@temporalio/client';
import { sleep } from '../../bench/sleep.ts';
import type { Stage } from '../stage/stage.ts';
import type { Finding } from './facts.ts';

/** Workflows that were told of already, in an earlier run on the same stage. */
export type ToldWorkflows = Set<string>;

const END_WITHIN_MS = 5_000;
/** A workflow that outlived its deliveries is left alone for 5 minutes, then found within some. */
const OUTLIVED_WITHIN_MS = 9 * 60_000;
const AMISS = ['Failed', 'Terminated', 'TimedOut', 'Canceled'];

/** Asks Temporal, when nothing is owed any more, what ended otherwise than completed, and what still runs after 5 s. */
export async function judgeWorkflows(
  { temporal }: Stage,
  told: ToldWorkflows,
): Promise<{ findings: Finding[]; outlived: string[] }> {
  return withClient(temporal.address, async (client) => {
    const outlived = (await awaitEnd(client, END_WITHIN_MS)).filter((line) => !told.has(line));
    const amiss = (await list(client, AMISS)).filter((line) => !told.has(line));
    for (const line of [...outlived, ...amiss]) told.add(line);
    return { outlived, findings: amiss.map((what): Finding => ({ kind: 'workflows', what })) };
  });
}

/** Waits until the reconciler has ended what outlived its deliveries; answers what still runs after 9 minutes. */
export async function awaitOutlived({ temporal }: Stage): Promise<string[]> {
  return withClient(temporal.address, async (client) => awaitEnd(client, OUTLIVED_WITHIN_MS));
}

async function awaitEnd(client: Client, withinMs: number): Promise<string[]> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    const running = await list(client, ['Running']);
    if (running.length === 0 || Date.now() > deadline) return running;
    await sleep(1_000);
  }
}

async function list(client: Client, statuses: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  const query = `ExecutionStatus IN (${statuses.map((status) => `'${status}'`).join(', ')})`;
  for await (const { workflowId, type, status } of client.workflow.list({ query })) {
    found.push(`${type} ${workflowId} is ${status.name}`);
  }
  return found;
}

async function withClient<T>(address: string, work: (client: Client) => Promise<T>): Promise<T> {
  const connection = await Connection.connect({ address });
  try {
    return await work(new Client({ connection }));
  } finally {
    await connection.close();
  }
}
