import express from 'express';
import type { Logger } from 'pino';
import { mountOperations } from './api/mount-operations.ts';
import { openRequest } from './api/middleware/open-request.ts';
import { refusePath } from './api/middleware/refuse-path.ts';
import { handleError } from './api/middleware/handle-error.ts';
import { composeServices } from './compose.ts';
import type { Config, TemporalConfig } from './config.ts';
import { listen } from './listen.ts';
import { createMetrics } from './metrics.ts';
import { openMeasure } from './services/diagnosis/cached-measure.ts';
import { createReadiness } from './readiness.ts';
import type { Closable } from './shutdown.ts';
import { connectWorker } from './temporal/connection.ts';
import { version } from './version.ts';
import { startWorker } from './worker.ts';

/** The longest HTTP limit is 60 s: below the grace, so that a call in flight may end by itself. */
export const WORKER_GRACE_MS = 65_000;

/** The worker as a process of its own, with probes and metrics on METRICS_PORT. */
export async function startWorkerServer(
  config: Config,
  { logger, mongodbUri, temporal }: { logger: Logger; mongodbUri: string; temporal: TemporalConfig },
): Promise<{ url: string; failed: Promise<never>; closables: Closable[] }> {
  const services = await composeServices(config, mongodbUri);
  const connection = await connectWorker(temporal);
  const metrics = createMetrics(openMeasure(services));
  const worker = await startWorker(config, {
    services,
    connection,
    logger,
    metrics,
    graceMs: WORKER_GRACE_MS,
    ownAddresses: [],
  });
  const ready = createReadiness({ models: services.models, connection, namespace: temporal.namespace });
  const app = express();
  app.disable('x-powered-by').use(openRequest);
  mountOperations(app, {
    // A worker that does not run is as good as no database: it must leave the pool of ready ones.
    readiness: async () => {
      const { mongodb, temporal: answers } = await ready();
      return { mongodb: mongodb && worker.isRunning(), temporal: answers };
    },
    metrics: metrics.registry,
    version,
  });
  app.use(refusePath, handleError);
  const listening = await listen(app, { host: config.host, port: config.metricsPort });
  return {
    url: listening.url,
    failed: worker.failed,
    closables: [
      { name: 'worker', close: worker.stop },
      { name: 'http', close: listening.close },
      { name: 'temporal', close: async () => connection.close() },
      { name: 'mongodb', close: async () => services.models.connection.close() },
    ],
  };
}
