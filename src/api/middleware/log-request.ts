import type { Request, RequestHandler, Response } from 'express';
import type { Logger } from 'pino';
import { pinoHttp } from 'pino-http';
import { stateOf } from '../request-state.ts';

/** Writes one wide line per request when it ends: what was asked by route and ids, what came of it, never its contents. */
export function logRequest(logger: Logger): RequestHandler {
  const toLine = (req: Request, res: Response) => describe(req, res);
  return pinoHttp<Request, Response>({
    logger,
    // Request and response objects hold URLs, headers and bodies: nothing of them is to be written.
    wrapSerializers: false,
    serializers: { req: () => undefined, res: () => undefined },
    quietReqLogger: true,
    quietResLogger: true,
    customAttributeKeys: { reqId: 'request_id' },
    genReqId: (_req, res) => stateOf(res).requestId,
    customLogLevel: (_req, res) => levelOf(res),
    customSuccessObject: toLine,
    customErrorObject: toLine,
    customSuccessMessage: () => 'request',
    customErrorMessage: () => 'request',
  });
}

function describe(req: Request, res: Response): Record<string, unknown> {
  const { startedAt, actor, route, ids, error } = stateOf(res);
  return {
    method: req.method,
    route,
    status: res.headersSent ? res.statusCode : null,
    duration_ms: Math.round((performance.now() - startedAt) * 10) / 10,
    ...(actor && { api_key_id: actor.apiKeyId }),
    ...Object.fromEntries(Object.entries(ids).map(([name, id]) => [toSnakeCase(name), id])),
    ...(error && { code: error.code }),
    ...(error && res.statusCode >= 500 && error.code !== 'overloaded' && { err: error.cause ?? error }),
    ...(!res.writableFinished && { aborted: true }),
  };
}

/** Probes come every few seconds and say nothing while all is well. Of what is shed there may be thousands: a metric counts it. */
function levelOf(res: Response): 'debug' | 'info' | 'error' {
  if (stateOf(res).error?.code === 'overloaded') return 'info';
  if (res.statusCode >= 500) return 'error';
  return stateOf(res).route?.startsWith('/v1/') === false ? 'debug' : 'info';
}

function toSnakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
