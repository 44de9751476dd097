import { Client, Connection } from '@temporalio/client';
import { sleep } from '../../bench/sleep.ts';
import type { Stage } from '../stage/stage.ts';
import type { Finding } from './facts.ts';

const END_WITHIN_MS = 15_000;
const AMISS = ['Failed', 'Terminated', 'TimedOut', 'Canceled'];

/** Workflows that were told of already, in an earlier run on the same stage. */
export type ToldWorkflows = Set<string>;

/**
 * Asks Temporal, when nothing is owed any more: no workflow may run, once it has had 15 s to end, and none may have ended
 * otherwise than completed.
 */
export async function judgeWorkflows({ temporal }: Stage, told: ToldWorkflows): Promise<Finding[]> {
  const connection = await Connection.connect({ address: temporal.address });
  try {
    const client = new Client({ connection });
    const list = async (statuses: readonly string[]) => {
      const found: string[] = [];
      const query = `ExecutionStatus IN (${statuses.map((status) => `'${status}'`).join(', ')})`;
      for await (const { workflowId, type, status } of client.workflow.list({ query })) {
        const line = `${type} ${workflowId} is ${status.name}`;
        if (!told.has(line)) found.push(line);
      }
      return found;
    };
    const deadline = Date.now() + END_WITHIN_MS;
    let running = await list(['Running']);
    while (running.length > 0 && Date.now() < deadline) {
      await sleep(500);
      running = await list(['Running']);
    }
    const amiss = await list(AMISS);
    for (const line of [...running, ...amiss]) told.add(line);
    return [
      ...running.map((what): Finding => ({ kind: 'left-running', what })),
      ...amiss.map((what): Finding => ({ kind: 'workflows', what })),
    ];
  } finally {
    await connection.close();
  }
}
