import type { Express } from 'express';
import express from 'express';
import helmet from 'helmet';
import type { Logger } from 'pino';
import { limitTests } from './limit-tests.ts';
import { authenticate } from './middleware/authenticate.ts';
import { handleError } from './middleware/handle-error.ts';
import { limitRate } from './middleware/limit-rate.ts';
import { logRequest } from './middleware/log-request.ts';
import { openRequest } from './middleware/open-request.ts';
import type { ShedLoadOptions } from './middleware/shed-load.ts';
import { openLoadShedder } from './middleware/shed-load.ts';
import { refusePath } from './middleware/refuse-path.ts';
import { mountDocs } from './mount-docs.ts';
import type { OperationsOptions } from './mount-operations.ts';
import { mountOperations } from './mount-operations.ts';
import type { Services } from './mount-routes.ts';
import { mountRoutes } from './mount-routes.ts';
import { routes } from './routes.ts';
import { Budget } from '../services/budget.ts';
import { openCommits } from '../services/changes/commit.ts';
import { tellOrLeave } from '../services/events/tell.ts';

/** Bounds on what one caller may ask of one process. */
export interface Limits {
  /** Of each API key. */
  requestsPerSecond: number;
  /** Of each client address. */
  failedAuthenticationsPerMinute: number;
  /** In hand at a time, of all callers; see `openLoadShedder`. */
  requestsInHand: number;
  /** Of their bodies. */
  bytesInHand: number;
  /** Of their answers, of those that are not small. */
  answerBytesInHand: number;
  /** The part of each of these that one API key may have. */
  shareOfKey: number;
}

/** Everything the API needs; it opens no connection and reads no environment of its own. */
export interface AppDeps extends Omit<Services, 'commits' | 'limitTests'>, OperationsOptions {
  logger: Logger;
  limits?: Partial<Limits>;
  /** Hears of requests that were turned away since too much was in hand, and how many are. */
  load?: Pick<ShedLoadOptions, 'onShed' | 'onInHand'>;
}

const DEFAULT_LIMITS: Limits = {
  requestsPerSecond: 2_000,
  failedAuthenticationsPerMinute: 100,
  // A busy process answers some hundreds of writes a second: the last of these waits for about a second.
  requestsInHand: 256,
  // Parsed, a body takes several times its bytes; the largest that a route takes fits in.
  bytesInHand: 48 * 1024 * 1024,
  // Whoever asks for large pages reads them one after the other.
  answerBytesInHand: 128 * 1024 * 1024,
  // The largest body still fits in.
  shareOfKey: 0.75,
};
const NOBODY = { onShed: () => undefined, onInHand: () => undefined };

/** Requests for many documents that are served at a time: what each reads is a few times 16 MiB in memory. */
const READ_AT_ONCE = 8;

/** The REST API as an Express application. Never listens: that is the composition root's. */
export function createApp(deps: AppDeps): Express {
  const { logger, readiness, metrics, version, limits, load = NOBODY, ...services } = deps;
  const bounds = { ...DEFAULT_LIMITS, ...limits };
  const app = express();
  app.disable('x-powered-by').disable('etag').disable('trust proxy');
  // One path, one resource: what rate limits, logs and idempotency see is what was routed.
  app.enable('case sensitive routing').enable('strict routing');
  app.use(openRequest, logRequest(logger), helmet());
  mountOperations(app, { readiness, metrics, version });
  mountDocs(app, { routes, version });
  mountRoutes(app, routes, {
    services: {
      ...services,
      events: tellOrLeave(services.events, (error) => logger.warn({ err: error }, 'telling an event failed')),
      commits: openCommits(),
      limitTests: limitTests(),
    },
    before: [
      authenticate(services, { failuresPerMinute: bounds.failedAuthenticationsPerMinute }),
      limitRate({ requestsPerSecond: bounds.requestsPerSecond }),
    ],
    shedder: openLoadShedder({
      requests: bounds.requestsInHand,
      bytes: bounds.bytesInHand,
      answerBytes: bounds.answerBytesInHand,
      shareOfKey: bounds.shareOfKey,
      ...load,
    }),
    reading: new Budget({ total: READ_AT_ONCE, shareOfOne: bounds.shareOfKey }),
  });
  app.use(refusePath, handleError);
  return app;
}
