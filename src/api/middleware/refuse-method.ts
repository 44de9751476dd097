import type { RequestHandler } from 'express';
import { HttpError } from '../http-error.ts';
import { stateOf } from '../request-state.ts';

/** Ends a request for a known path with a method it does not have: 405 with Allow (RFC 9110, 15.5.6). */
export function refuseMethod(path: string, methods: readonly string[]): RequestHandler {
  const upper = methods.map((method) => method.toUpperCase());
  const allowed = (upper.includes('GET') ? ['HEAD', ...upper] : upper).toSorted().join(', ');
  return (req, res) => {
    stateOf(res).route = path;
    res.set('allow', allowed);
    throw new HttpError(405, 'invalid_request', {
      message: `This path does not take ${req.method}, only ${allowed}.`,
    });
  };
}
