import type { Express, Request, RequestHandler, Response } from 'express';
import type { Budget } from '../services/budget.ts';
import type { RequestContext } from '../services/context.ts';
import type { Route } from './define-route.ts';
import { hashRequest } from './hash-request.ts';
import type { LoadShedder } from './middleware/shed-load.ts';
import { parseBody } from './middleware/parse-body.ts';
import { refuseMethod } from './middleware/refuse-method.ts';
import { requireScopes } from './middleware/require-scopes.ts';
import { parseHops } from './parse-hops.ts';
import { parseIdempotencyKey } from './parse-idempotency-key.ts';
import { parseIfMatch } from './parse-if-match.ts';
import { actorOf, stateOf } from './request-state.ts';

const MAX_BODY_BYTES = 1024 * 1024;

/** What a request's context holds besides the request itself. */
export type Services = Omit<RequestContext, 'actor' | 'requestId' | 'hops' | 'idempotency'>;

export interface MountOptions {
  services: Services;
  /** Runs before the body is read: authentication and limits. */
  before: readonly RequestHandler[];
  /** Bounds what is in hand, around them. */
  shedder: LoadShedder;
  /** Of those that read many documents, how many are served at a time. */
  reading: Budget;
}

/** Mounts routes, path by path in the order given, so that a path of words goes before one with a parameter in its place. */
export function mountRoutes(
  app: Express,
  routes: readonly Route[],
  { services, before, shedder, reading }: MountOptions,
): void {
  for (const path of new Set(routes.map((route) => route.path))) {
    const siblings = routes.filter((route) => route.path === path);
    for (const route of siblings) {
      const maxBytes = route.maxBodyBytes ?? MAX_BODY_BYTES;
      app[route.method](
        path,
        nameRoute(path),
        shedder.countRequest,
        ...before,
        shedder.countOfKey,
        requireScopes(route.scopes),
        shedder.reserveBody(maxBytes),
        ...parseBody({ maxBytes }),
        serve(route, { services, shedder, reading }),
      );
    }
    app.all(
      path,
      refuseMethod(
        path,
        siblings.map(({ method }) => method),
      ),
    );
  }
}

function nameRoute(path: string): RequestHandler {
  return (_req, res, next) => {
    stateOf(res).route = path;
    next();
  };
}

function serve(
  route: Route,
  { services, shedder, reading }: Pick<MountOptions, 'services' | 'shedder' | 'reading'>,
): RequestHandler {
  return async (req, res) => {
    const ifVersion = route.conditional ? parseIfMatch(req.get('if-match')) : undefined;
    const context = toContext(services, { route, req, res });
    const { ids, run } = route.parse({ params: req.params, query: req.query, body: req.body, ifVersion });
    stateOf(res).ids = ids;
    const answer = async () => {
      const { body, ...reply } = await run(context);
      return { ...reply, text: body && JSON.stringify(body) };
    };
    const { apiKeyId } = context.actor;
    const {
      status = route.status,
      text,
      headers = {},
    } = await (route.readsMany ? reading.run(1, answer, { of: apiKeyId }) : answer());
    if (text !== undefined) {
      shedder.reserveAnswer(res, { bytes: Buffer.byteLength(text), changed: route.method !== 'get' });
    }
    res.status(status).set(headers);
    if (text === undefined) res.end();
    else res.type('json').send(text);
  };
}

function toContext(
  services: Services,
  { route, req, res }: { route: Route; req: Request; res: Response },
): RequestContext {
  const key = route.method === 'post' ? parseIdempotencyKey(req.get('idempotency-key')) : null;
  const { method, path, query, body } = req;
  return {
    ...services,
    actor: actorOf(res),
    requestId: stateOf(res).requestId,
    hops: parseHops(req.get('tablehook-hops'), { writes: route.method !== 'get' }),
    idempotency: key === null ? null : { key, requestHash: hashRequest({ method, path, query, body }) },
  };
}
