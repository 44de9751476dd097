/** One entry of a problem's `errors[]`: where in the input, as a dotted path, and what is wrong there. */
export interface ErrorDetail {
  path: string;
  message: string;
}

/** Closed set of codes a caller can meet; the API maps each to one HTTP status. */
export type ErrorCode =
  | 'invalid_request'
  | 'unauthorized'
  | 'forbidden'
  | 'not_found'
  | 'conflict'
  | 'idempotency_in_progress'
  | 'precondition_failed'
  | 'too_large'
  | 'unprocessable'
  | 'idempotency_key_reused'
  | 'too_many_hops'
  | 'rate_limited'
  | 'internal'
  | 'unavailable'
  | 'overloaded';

export interface AppErrorOptions {
  errors?: ErrorDetail[];
  cause?: unknown;
  retryAfterSeconds?: number;
}

/** Base of every error thrown on purpose. `message` is shown to the caller, `cause` never is. */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly errors: ErrorDetail[];
  readonly retryAfterSeconds: number | undefined;

  constructor(code: ErrorCode, message: string, options: AppErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.code = code;
    this.errors = options.errors ?? [];
    this.retryAfterSeconds = options.retryAfterSeconds;
  }
}

/** The request itself is malformed (400). */
export class InvalidRequestError extends AppError {
  constructor(message: string, errors: ErrorDetail[] = []) {
    super('invalid_request', message, { errors });
  }
}

/** No such thing, or not visible to this key (404). */
export class NotFoundError extends AppError {
  constructor(what: string, id: string) {
    super('not_found', `There is no ${what} ${id}.`);
  }
}

/** The request collides with the state of things (409). */
export class ConflictError extends AppError {
  constructor(message: string, options: AppErrorOptions = {}) {
    super('conflict', message, options);
  }
}

/** Understood but impossible (422). */
export class UnprocessableError extends AppError {
  constructor(message: string, errors: ErrorDetail[] = []) {
    super('unprocessable', message, { errors });
  }
}

/** The key lacks the scope or the table (403). */
export class ForbiddenError extends AppError {
  constructor(message: string) {
    super('forbidden', message);
  }
}

/** More is asked of this process than it answers in time (503); what was asked was not begun. */
export class OverloadedError extends AppError {
  constructor(message: string) {
    super('overloaded', message, { retryAfterSeconds: 1 });
  }
}

/** A server this one leans on did not answer in time (503); nothing is known to have changed. */
export class UnavailableError extends AppError {
  constructor(message: string, cause?: unknown) {
    super('unavailable', message, { cause, retryAfterSeconds: 1 });
  }
}
