import type { Response } from 'express';
import type { AppError } from '../errors.ts';
import type { Actor } from '../services/context.ts';

/** What is known of a request on its way, kept in `res.locals` by the first middleware. */
export interface RequestState {
  requestId: string;
  /** By the monotonic clock, in milliseconds. */
  startedAt: number;
  /** The key it was made with, once authenticated. */
  actor: Actor | null;
  /** The pattern of the route that took it, never the raw URL. */
  route: string | null;
  /** Ids from the path, once they have the form of ids. */
  ids: Record<string, string>;
  error: AppError | null;
}

/** The state of a request. */
export function stateOf(res: Response): RequestState {
  // Express types locals as a bag of anything; `openRequest` filled it before any other handler ran.
  return res.locals as RequestState;
}

/** The key of a request behind `authenticate`. */
export function actorOf(res: Response): Actor {
  const { actor } = stateOf(res);
  if (!actor) throw new Error('a handler that needs an API key stands before authenticate');
  return actor;
}
