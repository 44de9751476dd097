import { mongo } from 'mongoose';
import { describe, expect, it } from 'vitest';
import { statusOf } from '../../../src/api/problem.ts';
import { toAppError } from '../../../src/api/to-app-error.ts';
import { ConflictError } from '../../../src/errors.ts';

const parserError = (type: string, message = 'x', more: object = {}) =>
  Object.assign(new Error(message), { type, ...more });

describe('toAppError', () => {
  it('leaves an AppError as it is', () => {
    const error = new ConflictError('x');
    expect(toAppError(error)).toBe(error);
  });

  it('makes a lost connection to the database unavailable, to be tried again', () => {
    const error = toAppError(new mongo.MongoNetworkError('connection 3 to 10.0.0.9:27017 closed'));
    expect(error).toMatchObject({ code: 'unavailable', retryAfterSeconds: 1 });
    expect(error.message).not.toContain('10.0.0.9');
  });

  it('finds a lost connection inside the error of a bulk write', () => {
    const lost = new mongo.MongoNetworkError('read ECONNRESET');
    const thrown = new mongo.MongoBulkWriteError(lost, {} as mongo.BulkWriteResult);
    expect(toAppError(thrown).code).toBe('unavailable');
  });

  it.each([189, 10107, 13436, 134])(
    'makes a server that starts or steps down unavailable: code %i',
    (code) => {
      const thrown = new mongo.MongoServerError({ message: 'not now', code });
      expect(toAppError(thrown).code).toBe('unavailable');
    },
  );

  it('names the place of a JSON error without quoting the body', () => {
    const error = toAppError(
      parserError('entity.parse.failed', `Unexpected token 's', "{secret" at position 1`),
    );
    expect(error.code).toBe('invalid_request');
    expect(error.message).toBe('The body is not valid JSON at position 1.');
  });

  it('says how large a body may be', () => {
    expect(toAppError(parserError('entity.too.large', 'x', { limit: 1024 }))).toMatchObject({
      code: 'too_large',
      message: 'The body may hold 1024 bytes.',
    });
  });

  it.each(['encoding.unsupported', 'charset.unsupported'])('answers %s with 415', (type) => {
    expect(statusOf(toAppError(parserError(type)))).toBe(415);
  });

  it.each([
    parserError('request.aborted'),
    Object.assign(new Error('x'), { code: 'Z_DATA_ERROR' }),
    new URIError('x'),
  ])('blames the request for %s', (thrown) => {
    expect(toAppError(thrown).code).toBe('invalid_request');
  });

  it.each([new TypeError('cannot read x of undefined'), 'a string', null, undefined])(
    'makes anything else internal, with its cause kept and its message hidden: %s',
    (thrown) => {
      const error = toAppError(thrown);
      expect(error.code).toBe('internal');
      expect(error.message).toBe('Something went wrong on our side.');
      expect(error.cause).toBe(thrown);
    },
  );
});
