import { randomUUID } from 'node:crypto';
import type { RequestHandler } from 'express';
import { stateOf } from '../request-state.ts';

const SANE_ID = /^[A-Za-z0-9_.:=+/@-]{1,128}$/;

/** Opens the state of a request. Its id is the caller's `x-request-id` when that is sane, else a UUID, and is echoed. */
export const openRequest: RequestHandler = (req, res, next) => {
  const given = req.get('x-request-id');
  const requestId = given !== undefined && SANE_ID.test(given) ? given : randomUUID();
  Object.assign(stateOf(res), {
    requestId,
    startedAt: performance.now(),
    actor: null,
    route: null,
    ids: {},
    error: null,
  });
  res.set('x-request-id', requestId);
  // Answers may hold a secret that is shown once, and are never the same for long.
  res.set('cache-control', 'no-store');
  next();
};
