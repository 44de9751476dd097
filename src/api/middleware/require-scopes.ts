import type { RequestHandler } from 'express';
import type { Scope } from '../../contracts/api-key.ts';
import { requireScope } from '../../services/access.ts';
import { actorOf } from '../request-state.ts';

/** Ends a request with 403 unless its key holds every scope. */
export function requireScopes(scopes: readonly Scope[]): RequestHandler {
  return (_req, res, next) => {
    for (const scope of scopes) requireScope(actorOf(res), scope);
    next();
  };
}
