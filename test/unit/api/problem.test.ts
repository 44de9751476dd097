import { describe, expect, it } from 'vitest';
import { Problem } from '../../../src/contracts/problem.ts';
import { HttpError } from '../../../src/api/http-error.ts';
import { PROBLEMS, statusOf, toProblem } from '../../../src/api/problem.ts';
import { AppError, InvalidRequestError, NotFoundError, UnavailableError } from '../../../src/errors.ts';

describe('toProblem', () => {
  it('writes a complete RFC 9457 document', () => {
    const error = new InvalidRequestError('The request is not valid.', [
      { path: 'name', message: 'is required' },
    ]);
    const problem = toProblem(error, 'req-1');
    expect(Problem.parse(problem)).toEqual({
      type: 'https://tablehook.dev/problems/invalid-request',
      title: 'Invalid request',
      status: 400,
      detail: 'The request is not valid.',
      code: 'invalid_request',
      errors: [{ path: 'name', message: 'is required' }],
      requestId: 'req-1',
    });
  });

  it('never shows the cause', () => {
    const error = new UnavailableError(
      'The database did not answer in time.',
      new Error('mongodb://secret@host'),
    );
    expect(JSON.stringify(toProblem(error, 'req-1'))).not.toContain('secret');
  });

  it('shows at most 100 faults', () => {
    const faults = Array.from({ length: 500 }, (_, index) => ({ path: `${index}`, message: 'is wrong' }));
    expect(toProblem(new InvalidRequestError('No.', faults), 'r').errors).toHaveLength(100);
  });
});

describe('statusOf', () => {
  it.each([
    ['invalid_request', 400],
    ['unauthorized', 401],
    ['forbidden', 403],
    ['not_found', 404],
    ['conflict', 409],
    ['idempotency_in_progress', 409],
    ['precondition_failed', 412],
    ['too_large', 413],
    ['unprocessable', 422],
    ['idempotency_key_reused', 422],
    ['too_many_hops', 422],
    ['rate_limited', 429],
    ['internal', 500],
    ['unavailable', 503],
  ] as const)('maps %s to %i', (code, status) => {
    expect(statusOf(new AppError(code, 'x'))).toBe(status);
    expect(PROBLEMS[code].title).not.toBe('');
  });

  it('goes by the class of an AppError through its code', () => {
    expect(statusOf(new NotFoundError('table', 'tbl_1'))).toBe(404);
  });

  it('goes by the status of an error of HTTP itself', () => {
    expect(statusOf(new HttpError(415, 'invalid_request', { message: 'x' }))).toBe(415);
  });
});
