import { Client } from '@temporalio/client';
import type { Logger } from 'pino';
import { createApp } from './api/app.ts';
import { composeOutbound, composeServices } from './compose.ts';
import type { Config, TemporalConfig } from './config.ts';
import { listen } from './listen.ts';
import { createMetrics } from './metrics.ts';
import { createReadiness } from './readiness.ts';
import { ensureAdminKey } from './services/api-keys/create.ts';
import { openCommits } from './services/changes/commit.ts';
import { openEventTeller } from './services/events/tell.ts';
import { followUpStarted, releaseChanges } from './services/changes/relay.ts';
import { connectClient } from './temporal/connection.ts';
import { FastPath } from './temporal/fast-path.ts';
import { TASK_QUEUE } from './temporal/names.ts';
import { openWaker } from './temporal/waker.ts';
import { openWorkflows } from './temporal/workflows.ts';
import type { Closable } from './shutdown.ts';
import { version } from './version.ts';

/** What runs, and what to close, in order. */
export interface RunningApi {
  url: string;
  closables: Closable[];
}

/**
 * Behind a start. What a person writes is started at once; more than a few changes a second are the relays', which start
 * eagerly and let those share that come together, as many at a time as their workers can do.
 */
const REST_MS = 1_000;

/** The API as a process of its own: stateless, on given servers. It lives on while Temporal is down. */
export async function startApi(
  config: Config,
  { logger, mongodbUri, temporal }: { logger: Logger; mongodbUri: string; temporal: TemporalConfig },
): Promise<RunningApi> {
  const services = await composeServices(config, mongodbUri);
  const connection = connectClient(temporal);
  const client = new Client({ connection, namespace: temporal.namespace });
  const logError = (what: string) => (error: unknown) => logger.warn({ err: error }, `${what} failed`);
  const workflows = openWorkflows({
    client,
    taskQueue: TASK_QUEUE,
    eager: false,
    onRefusedWords: logError('start with search attributes'),
  });
  const fastPath = new FastPath({
    workflows,
    places: config.fastPathWorkflows,
    // Whoever has to wait here is better off with the relay of a worker, which can start eagerly.
    queueLength: 0,
    share: { changes: 1, attributeBytes: config.temporal.searchAttributeBytes },
    inHand: null,
    restMs: REST_MS,
    clock: () => performance.now(),
    onFailed: async (changes, error) => {
      if (error !== null) logError('workflow start')(error);
      const changeIds = changes.map(({ id }) => id);
      await releaseChanges(services, changeIds).catch(logError('claim release'));
    },
    onAlreadyStarted: ({ id }) => {
      followUpStarted({ ...services, workflows }, id).catch(logError('follow-up'));
    },
  });
  if (config.bootstrapApiKey !== undefined) {
    await ensureAdminKey(services, { key: config.bootstrapApiKey, name: 'bootstrap' });
  }
  const metrics = createMetrics();
  const app = createApp({
    ...services,
    starter: fastPath,
    waker: openWaker({ services, workflows, onError: (what, error) => logError(what)(error) }),
    events: openEventTeller({ ...services, commits: openCommits(), starter: fastPath }),
    endpointRules: composeOutbound(config, []).endpointRules,
    testRunner: workflows,
    inspector: workflows,
    logger,
    readiness: createReadiness({ models: services.models, connection, namespace: temporal.namespace }),
    metrics: metrics.registry,
    load: metrics.load,
    version,
    limits: config.limits,
  });
  const listening = await listen(app, config);
  return {
    url: listening.url,
    closables: [
      { name: 'http', close: listening.close },
      { name: 'fast path', close: async () => fastPath.close() },
      { name: 'temporal', close: async () => connection.close() },
      { name: 'mongodb', close: async () => services.models.connection.close() },
    ],
  };
}
