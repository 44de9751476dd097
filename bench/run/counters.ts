import { Client, Connection } from '@temporalio/client';
import type { MongoWatch, MongoWork } from '../measure/mongo-work.ts';
import { watchMongo, workBetween } from '../measure/mongo-work.ts';
import { findMetricsUrl, readCalls } from '../measure/temporal-calls.ts';
import type { WorkflowFigures } from '../measure/workflow-figures.ts';
import { readWorkflows } from '../measure/workflow-figures.ts';
import { sleep } from '../sleep.ts';
import type { RunGround } from './environment.ts';

/** Temporal's metrics are brought up to date once a second. */
const METRICS_LAG_MS = 1_500;

/** The servers' own counters, over connections of the bench. */
export interface Counters {
  mongo: MongoWatch;
  /** MongoDB's work per second while nothing is asked of the system. */
  readIdle: (ms: number, signal: AbortSignal) => Promise<MongoWork>;
  /** Temporal's calls so far; null where the server tells none. */
  readCalls: (signal: AbortSignal) => Promise<Record<string, number> | null>;
  readWorkflows: (since: Date) => Promise<WorkflowFigures>;
}

/** Connects to both servers' counters; the run's stack closes them. */
export async function openCounters({ servers, stack }: RunGround): Promise<Counters> {
  const mongo = await watchMongo(servers.mongodbUri);
  stack.push('mongodb counters', mongo.close);
  const connection = await Connection.connect({ address: servers.temporalAddress });
  stack.push('temporal counters', async () => connection.close());
  const client = new Client({ connection });
  const metricsUrl = await findMetricsUrl(servers.temporalPid);
  return {
    mongo,
    readIdle: async (ms, signal) => {
      const before = await mongo.read();
      await sleep(ms, signal);
      return perSecond(workBetween(before, await mongo.read()), ms / 1000);
    },
    readCalls: async (signal) => {
      if (metricsUrl === null) return null;
      await sleep(METRICS_LAG_MS, signal);
      return readCalls(metricsUrl);
    },
    readWorkflows: async (since) => readWorkflows(client, since),
  };
}

function perSecond({ operations, commands }: MongoWork, seconds: number): MongoWork {
  const divide = (counts: Record<string, number>) =>
    Object.fromEntries(Object.entries(counts).map(([name, count]) => [name, count / seconds]));
  return { operations: divide(operations), commands: divide(commands) };
}
