import { randomUUID } from 'node:crypto';
import { DefaultLogger, makeTelemetryFilterString, Runtime } from '@temporalio/worker';
import type { mongo } from 'mongoose';
import { pino } from 'pino';
import { inject } from 'vitest';
import type { Limits } from '../../src/api/app.ts';
import { createApp } from '../../src/api/app.ts';
import { composeOutbound, composeServices } from '../../src/compose.ts';
import { parseConfig } from '../../src/config.ts';
import type { CircuitPolicy } from '../../src/domain/circuit.ts';
import { listen, PATIENCE } from '../../src/listen.ts';
import { createLogger } from '../../src/logger.ts';
import { createMetrics } from '../../src/metrics.ts';
import { openMeasure } from '../../src/services/diagnosis/cached-measure.ts';
import { connectMongodb, ensureIndexes } from '../../src/models/models.ts';
import { createReadiness } from '../../src/readiness.ts';
import { generateSecretKey } from '../../src/secret-box.ts';
import { ensureAdminKey, generateApiKey } from '../../src/services/api-keys/create.ts';
import { ensureSystemTable } from '../../src/services/events/system-table.ts';
import type { ServiceContext } from '../../src/services/context.ts';
import { connectWorker } from '../../src/temporal/connection.ts';
import type { RunningWorker } from '../../src/temporal/run-worker.ts';
import { startWorker } from '../../src/worker.ts';
import type { Client } from './client.ts';
import { createClient } from './client.ts';

/** API and worker in this process, wired as standalone wires them, with a database and task queues of their own. */
export interface Tablehook extends Client {
  url: string;
  apiKey: string;
  services: ServiceContext;
  worker: RunningWorker;
  taskQueue: string;
  /** Another client with another key. */
  as: (apiKey: string) => Client;
  /** One more worker on the same database and task queues, such as after the first was stopped. */
  addWorker: () => Promise<RunningWorker>;
  stop: () => Promise<void>;
}

export interface StartTablehookOptions {
  temporalAddress?: string;
  mongodbUri?: string;
  env?: Record<string, string>;
  reconcileEveryMs?: number;
  /** When circuits open and how endpoints are probed, faster than in production. */
  circuit?: CircuitPolicy;
  /** Of the API, besides those that are lifted for tests. */
  limits?: Partial<Limits>;
  /** How long a request may take to arrive. */
  requestTimeoutMs?: number;
  /** Hears of every command that goes to MongoDB. */
  onCommand?: (event: mongo.CommandStartedEvent) => void;
  /** Where the SDK tells its metrics; only for the first of a process. */
  metricsAddress?: string;
}

let installed = false;

/** What tests do to workflows on purpose, the SDK warns of. */
export function installQuietRuntime(metricsAddress?: string): void {
  const filter = makeTelemetryFilterString({ core: 'ERROR', other: 'ERROR' });
  Runtime.install({
    logger: new DefaultLogger('ERROR'),
    telemetryOptions: {
      logging: { filter, forward: {} },
      ...(metricsAddress !== undefined && { metrics: { prometheus: { bindAddress: metricsAddress } } }),
    },
  });
}

/** Starts a Tablehook of this test file's own on the shared real servers. */
export async function startTablehook(options: StartTablehookOptions = {}): Promise<Tablehook> {
  if (!installed) installQuietRuntime(options.metricsAddress);
  installed = true;
  const name = `t${randomUUID().replaceAll('-', '').slice(0, 16)}`;
  const uri = new URL(options.mongodbUri ?? inject('mongodbUri'));
  uri.pathname = `/${name}`;
  const config = parseConfig('standalone', {
    SECRET_KEYS: generateSecretKey('test'),
    PORT: '0',
    API_KEY_REQUESTS_PER_SECOND: '100000',
    FAILED_API_KEYS_PER_MINUTE: '100000',
    ...options.env,
  });
  config.temporal.uiUrl = 'http://temporal.test';
  const services = await composeServices(config, uri.href);
  if (options.circuit) services.circuit = options.circuit;
  if (options.onCommand) {
    await services.models.connection.close();
    services.models = await connectMongodb(uri.href, { onCommand: options.onCommand });
  }
  await ensureIndexes(services.models, config.retention);
  await ensureSystemTable(services.models, services.clock);
  const apiKey = generateApiKey();
  await ensureAdminKey(services, { key: apiKey, name: 'test' });
  const address = options.temporalAddress ?? inject('temporalAddress');
  const connection = await connectWorker({ ...config.temporal, address });
  const metrics = createMetrics(openMeasure(services));
  // As in production, and all of it: the run's end looks for secrets in it.
  const logger = createLogger({
    level: 'trace',
    destination: pino.destination(`${inject('logFolder')}/${name}.log`),
  });
  const workers: RunningWorker[] = [];
  const connections = [connection];
  const addWorker = async () => {
    // A connection takes one worker of a queue at a time, as a process does.
    const own = workers.length === 0 ? connection : await connectWorker({ ...config.temporal, address });
    if (own !== connection) connections.push(own);
    const added = await startWorker(config, {
      services,
      connection: own,
      logger,
      metrics,
      graceMs: 1_000,
      ownAddresses: [],
      taskQueue: name,
      workflowBundle: { codePath: inject('workflowBundlePath') },
      ...(options.reconcileEveryMs !== undefined && { reconcileEveryMs: options.reconcileEveryMs }),
    });
    workers.push(added);
    return added;
  };
  const worker = await addWorker();
  const app = createApp({
    ...services,
    starter: worker.fastPath,
    waker: worker.waker,
    events: worker.events,
    endpointRules: composeOutbound(config, []).endpointRules,
    testRunner: worker.workflows,
    inspector: worker.workflows,
    logger,
    readiness: createReadiness({ models: services.models, connection, namespace: config.temporal.namespace }),
    metrics: metrics.registry,
    load: metrics.load,
    version: 'test',
    limits: { ...config.limits, ...options.limits },
  });
  const listening = await listen(app, {
    host: '127.0.0.1',
    port: 0,
    ...(options.requestTimeoutMs !== undefined && {
      patience: { ...PATIENCE, headersMs: options.requestTimeoutMs, requestMs: options.requestTimeoutMs },
    }),
  });
  const as = (key: string) => createClient(listening.url, key);
  return {
    ...as(apiKey),
    url: listening.url,
    apiKey,
    services,
    worker,
    taskQueue: name,
    as,
    addWorker,
    stop: async () => {
      await listening.close();
      await Promise.all(workers.map(async (running) => running.stop()));
      await Promise.all(connections.map(async (one) => one.close()));
      await services.models.connection.dropDatabase().catch(() => undefined);
      await services.models.connection.close();
    },
  };
}
