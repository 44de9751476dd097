import { pino } from 'pino';
import type { ActivityDeps } from '../../activities/deps.ts';
import { makeAttempt } from '../../activities/make-attempt.ts';
import { EndpointLoad } from '../../activities/endpoint-load.ts';
import { createApp } from '../../src/api/app.ts';
import { composeOutbound, composeServices } from '../../src/compose.ts';
import { loadConfig } from '../../src/config.ts';
import { listen } from '../../src/listen.ts';
import { createMetrics } from '../../src/metrics.ts';
import { ensureIndexes } from '../../src/models/models.ts';
import { ensureAdminKey } from '../../src/services/api-keys/create.ts';
import { planChange } from '../../src/services/deliveries/plan.ts';
import { version } from '../../src/version.ts';
import { endWithBench } from './end-with-bench.ts';
import { createWorkQueue } from './work-queue.ts';

/** Baseline (b), the floor: Tablehook's own API, write, plan and attempt, in a loop of this process, without Temporal. */
const CONCURRENCY = 8;

endWithBench();
const config = loadConfig('standalone');
const services = await composeServices(config, config.mongodbUri ?? '');
await ensureIndexes(services.models);
await ensureAdminKey(services, { key: config.bootstrapApiKey ?? '', name: 'bench' });
const { client, endpointRules } = composeOutbound(config, []);
const logger = pino({ level: 'silent' });
const metrics = createMetrics();
const deps: ActivityDeps = {
  services,
  client,
  version,
  workflows: {
    isRunning: async () => true,
    start: async () => ({ started: true, eager: true }),
    wakeDelivery: async () => undefined,
  },
  firstAttempts: { planned: () => undefined, attempted: () => undefined },
  endpointLoad: new EndpointLoad(() => performance.now()),
  report: (attempt) => {
    metrics.countAttempt(attempt);
    logger.info(attempt, 'attempt');
  },
  shutdownSignal: new AbortController().signal,
};
const push = createWorkQueue<string>({
  concurrency: CONCURRENCY,
  work: async (changeId) => {
    const { deliveries } = await planChange(services, changeId);
    await Promise.all(
      deliveries.map(async ({ deliveryId, webhookId }) =>
        makeAttempt(deps, { changeId, deliveryId, webhookId }),
      ),
    );
  },
  onError: (error) => process.stderr.write(`${String(error)}\n`),
});
const app = createApp({
  ...services,
  starter: {
    reserve: (count) => count,
    release: () => undefined,
    start: (changes) => {
      for (const { id } of changes) push(id);
    },
  },
  waker: { wake: () => undefined },
  endpointRules,
  logger,
  readiness: async () => ({ mongodb: true, temporal: true }),
  metrics: metrics.registry,
  version,
});
await listen(app, config);
