import { Client, Connection } from '@temporalio/client';
import { mongo } from 'mongoose';
import { findMetricsUrl, readCalls } from '../measure/temporal-calls.ts';
import type { MongoWatch } from '../measure/mongo-work.ts';
import { watchMongo } from '../measure/mongo-work.ts';
import type { Stack } from '../processes/stack.ts';
import type { SinkProcess } from '../processes/start-sink.ts';
import type { Role } from '../processes/watch-usage.ts';
import type { LoadTarget } from '../load/load-plan.ts';
import { prepareTarget } from '../run/prepare-target.ts';
import type { RestClient } from '../run/rest-client.ts';
import { createRestClient } from '../run/rest-client.ts';
import type { Servers } from '../systems/servers.ts';
import { startStandalone, TABLEHOOK } from '../systems/start-standalone.ts';
import type { WaitingPlan } from './plan.ts';
import { toBehaviour } from './plan.ts';

/** What a measurement of waiting needs of a sink. */
export type SinkDoor = Pick<SinkProcess, 'url' | 'counts' | 'arrivals' | 'shut' | 'open'>;

export interface OpenStageInput {
  plan: WaitingPlan;
  servers: Servers;
  sink: SinkDoor;
  /** Processes that are watched besides the system and its servers. */
  roles: Role[];
  /** Stops what is started here. */
  stack: Stack;
  dataDir: string;
  env: Record<string, string>;
  profiles: string | null;
  signal: AbortSignal;
  say: (line: string) => void;
}

/** A running Tablehook with a table and a webhook, and connections to whatever counts what it does. */
export interface Stage {
  plan: WaitingPlan;
  url: string;
  apiKey: string;
  tablehookPid: number;
  roles: Role[];
  rest: RestClient;
  sink: SinkDoor;
  target: LoadTarget;
  webhookId: string;
  db: mongo.Db;
  mongo: MongoWatch;
  temporal: Client;
  /** Calls that Temporal's frontend took so far; null where the server tells none. */
  readTemporalCalls: () => Promise<Record<string, number> | null>;
  signal: AbortSignal;
  say: (line: string) => void;
}

const STREAM = 'main';
/** A history that is too large to be read as usual is to be told, not to end the measurement. */
const MAX_MESSAGE_BYTES = 256 * 1024 * 1024;

/** Starts Tablehook as a process of its own, and makes the table and the webhook. */
export async function openStage(input: OpenStageInput): Promise<Stage> {
  const { plan, servers, sink, roles, stack, dataDir, env, profiles, signal, say } = input;
  const system = await startStandalone({ servers, dataDir, env, profiles, signal }, TABLEHOOK);
  stack.push('tablehook', system.stop);
  const [url = ''] = system.urls;
  const rest = createRestClient(url, system.apiKey);
  const stream = { name: STREAM, webhooks: [toWebhooks(plan)] };
  const target = await prepareTarget(rest.post, stream, sink.url);
  const { data: webhooks } = await rest.get<{ data: { id: string }[] }>(
    `/v1/tables/${target.tableId}/webhooks`,
  );
  const counters = await openConnections(servers, stack);
  return {
    ...{ plan, url, apiKey: system.apiKey, rest, sink, target, signal, say },
    ...counters,
    tablehookPid: system.roles[0]?.pid ?? 0,
    roles: [...system.roles, ...servers.roles, ...roles],
    webhookId: webhooks[0]?.id ?? '',
  };
}

/** Refused deliveries are to come back within the run. */
function toWebhooks(plan: WaitingPlan) {
  const quick = { retry: { initialMs: 1_000, jitter: 0 } };
  return { count: 1, behaviour: toBehaviour(plan), ...(plan.failShare > 0 && quick) };
}

async function openConnections(servers: Servers, stack: Stack) {
  const client = new mongo.MongoClient(servers.mongodbUri, { maxPoolSize: 2 });
  await client.connect();
  stack.push('mongodb connection', async () => client.close());
  const watch = await watchMongo(servers.mongodbUri);
  stack.push('mongodb counters', watch.close);
  const connection = await Connection.connect({
    address: servers.temporalAddress,
    channelArgs: { 'grpc.max_receive_message_length': MAX_MESSAGE_BYTES },
  });
  stack.push('temporal connection', async () => connection.close());
  const metricsUrl = await findMetricsUrl(servers.temporalPid);
  return {
    db: client.db(),
    mongo: watch,
    temporal: new Client({ connection }),
    readTemporalCalls: async () => (metricsUrl === null ? null : readCalls(metricsUrl)),
  };
}
