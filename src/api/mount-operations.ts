import type { Express, RequestHandler } from 'express';
import type { Registry } from 'prom-client';
import { refuseMethod } from './middleware/refuse-method.ts';
import { stateOf } from './request-state.ts';

/** Which of the servers behind this process answer. */
export interface Readiness {
  mongodb: boolean;
  temporal: boolean;
}

export interface OperationsOptions {
  readiness: () => Promise<Readiness>;
  metrics: Registry;
  version: string;
}

/** Mounts what operators and probes ask for, without an API key. Ready means MongoDB answers; the API lives on without Temporal. */
export function mountOperations(app: Express, { readiness, metrics, version }: OperationsOptions): void {
  const get = (path: string, handle: RequestHandler) => {
    app.get(path, (req, res, next) => {
      stateOf(res).route = path;
      return handle(req, res, next);
    });
    app.all(path, refuseMethod(path, ['get']));
  };
  get('/', (_req, res) => {
    res.json({ name: 'tablehook', version });
  });
  get('/livez', (_req, res) => {
    res.json({ status: 'ok' });
  });
  get('/readyz', async (_req, res) => {
    const { mongodb, temporal } = await readiness().catch(() => ({ mongodb: false, temporal: false }));
    res.status(mongodb ? 200 : 503).json({ mongodb, temporal });
  });
  get('/metrics', async (_req, res) => {
    res.type(metrics.contentType).send(await metrics.metrics());
  });
}
