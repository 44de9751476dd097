import type { Problem } from '../contracts/problem.ts';
import type { AppError, ErrorCode } from '../errors.ts';
import { HttpError } from './http-error.ts';

const MAX_ERRORS = 100;

/** The one place where an error code becomes an HTTP status. */
export const PROBLEMS: Record<ErrorCode, { status: number; title: string }> = {
  invalid_request: { status: 400, title: 'Invalid request' },
  unauthorized: { status: 401, title: 'No valid API key' },
  forbidden: { status: 403, title: 'Not allowed for this API key' },
  not_found: { status: 404, title: 'Not found' },
  conflict: { status: 409, title: 'Conflict' },
  idempotency_in_progress: { status: 409, title: 'Same request in progress' },
  precondition_failed: { status: 412, title: 'Precondition failed' },
  too_large: { status: 413, title: 'Too large' },
  unprocessable: { status: 422, title: 'Understood but impossible' },
  idempotency_key_reused: { status: 422, title: 'Idempotency-Key used with another request' },
  too_many_hops: { status: 422, title: 'Too many hops' },
  rate_limited: { status: 429, title: 'Too many requests' },
  internal: { status: 500, title: 'Internal error' },
  unavailable: { status: 503, title: 'Temporarily unavailable' },
  overloaded: { status: 503, title: 'Too much in hand' },
};

/** The HTTP status of an error. */
export function statusOf(error: AppError): number {
  return error instanceof HttpError ? error.status : PROBLEMS[error.code].status;
}

/** The RFC 9457 document of an error: its message and code, at most 100 entries of `errors`, never its cause or stack. */
export function toProblem(error: AppError, requestId: string): Problem {
  return {
    type: `https://tablehook.dev/problems/${error.code.replaceAll('_', '-')}`,
    title: PROBLEMS[error.code].title,
    status: statusOf(error),
    detail: error.message,
    code: error.code,
    errors: error.errors.slice(0, MAX_ERRORS),
    requestId,
  };
}
