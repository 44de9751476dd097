import type { ErrorRequestHandler } from 'express';
import { statusOf, toProblem } from '../problem.ts';
import { stateOf } from '../request-state.ts';
import { toAppError } from '../to-app-error.ts';

/** Answers every error as a problem document. The cause of an unexpected one goes into the request's log line only. */
export const handleError: ErrorRequestHandler = (thrown, _req, res, next) => {
  const state = stateOf(res);
  const error = toAppError(thrown);
  state.error = error;
  if (res.headersSent) {
    // Too late for an answer: Express cuts the connection, so that nobody takes half of one for a whole.
    next(thrown);
    return;
  }
  if (error.retryAfterSeconds !== undefined) res.set('retry-after', String(error.retryAfterSeconds));
  if (error.code === 'unauthorized') res.set('www-authenticate', 'Bearer');
  res.status(statusOf(error)).type('application/problem+json').json(toProblem(error, state.requestId));
};
