import type { ZodOpenApiResponseObject, oas31 } from 'zod-openapi';
import type { Problem } from '../../contracts/problem.ts';
import { Problem as ProblemSchema } from '../../contracts/problem.ts';
import type { ErrorCode, ErrorDetail } from '../../errors.ts';
import type { RouteContract } from '../define-route.ts';
import { toProblem } from '../problem.ts';
import { problemStatuses } from '../problem-statuses.ts';
import { AppError } from '../../errors.ts';

const RETRY_AFTER = { 'Retry-After': { $ref: '#/components/headers/RetryAfter' } };

/** The name of the response of each status among the components. */
const NAMES: Record<number, string> = {
  400: 'InvalidRequest',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'NotFound',
  409: 'Conflict',
  412: 'PreconditionFailed',
  413: 'TooLarge',
  422: 'Unprocessable',
  429: 'TooManyRequests',
  503: 'Unavailable',
};

const UNAVAILABLE =
  'With `code` `overloaded` too much is in hand, and nothing was changed. Otherwise the database does not answer in time, and whether a write happened is not known.';

/** What each problem means, with an example as it would be answered. */
export const PROBLEM_RESPONSES: Record<string, ZodOpenApiResponseObject> = {
  InvalidRequest: respond('The request is malformed. `errors[]` names what is wrong, and where.', {
    example: problem('invalid_request', 'The request is not valid. fields.0.type: is required.', [
      { path: 'fields.0.type', message: 'is required' },
    ]),
  }),
  Unauthorized: respond('There is no API key, or it is not a valid one.', {
    headers: { 'WWW-Authenticate': { $ref: '#/components/headers/WwwAuthenticate' } },
    example: problem('unauthorized', 'Give an API key: Authorization: Bearer thk_….'),
  }),
  Forbidden: respond('The API key lacks a scope, or does not reach the table.', {
    example: problem('forbidden', 'This API key lacks the scope records:write.'),
  }),
  NotFound: respond('There is no such thing, or this API key may not see it.', {
    example: problem('not_found', 'There is no table tbl_01m87c5c9re8qafcwwbyve5qm0.'),
  }),
  Conflict: respond('It collides with how things stand. `detail` says with what.', {
    headers: RETRY_AFTER,
    example: problem('conflict', 'The delivery is delivered already: there is nothing to cancel.'),
  }),
  PreconditionFailed: respond('The record has another version than the one asked for.', {
    example: problem('precondition_failed', 'The record has version 3, not 2.'),
  }),
  TooLarge: respond('The body, or what would be stored of it, is too large.', {
    example: problem('too_large', 'The body may hold 1048576 bytes.'),
  }),
  Unprocessable: respond('It is understood but impossible.', {
    example: problem('idempotency_key_reused', 'This Idempotency-Key was used with another request.'),
  }),
  TooManyRequests: respond('The API key, or the address of the client, makes too many requests.', {
    headers: RETRY_AFTER,
    example: problem('rate_limited', 'This API key may make 2000 requests per second.'),
  }),
  Unavailable: respond(UNAVAILABLE, {
    headers: RETRY_AFTER,
    example: problem('unavailable', 'The database did not answer in time.'),
  }),
};

/** References to the problems that a route can answer, by status. */
export function problemResponses(route: RouteContract): Record<string, oas31.ReferenceObject> {
  return Object.fromEntries(
    problemStatuses(route).map((status) => [
      String(status),
      { $ref: `#/components/responses/${NAMES[status]}` },
    ]),
  );
}

function respond(
  description: string,
  { headers, example }: { headers?: oas31.HeadersObject; example: Problem },
): ZodOpenApiResponseObject {
  return {
    description,
    ...(headers && { headers }),
    content: { 'application/problem+json': { schema: ProblemSchema, example } },
  };
}

function problem(code: ErrorCode, message: string, errors: ErrorDetail[] = []): Problem {
  return toProblem(new AppError(code, message, { errors }), '5d2c9a52-63a5-4a8e-9f0e-2b8f6d0c7e11');
}
