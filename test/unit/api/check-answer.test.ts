import { describe, expect, it } from 'vitest';
import { EXAMPLES } from '../../../src/api/openapi/examples.ts';
import { toProblem } from '../../../src/api/problem.ts';
import { AppError } from '../../../src/errors.ts';
import type { Exchange } from '../../support/check-answer.ts';
import { checkAnswer } from '../../support/check-answer.ts';

const TABLES = '/v1/tables';
const created = { method: 'POST', path: TABLES, status: 201, body: EXAMPLES['createTable']?.answer };
const check = (exchange: Omit<Exchange, 'headers'>, headers: Record<string, string> = {}) =>
  checkAnswer({ ...exchange, headers: new Headers(headers) });
const refused = (status: number, method = 'GET') => ({
  method,
  path: `${TABLES}/tbl_01m87c5c9re8qafcwwbyve5qm0?x=1`,
  status,
  body: { ...toProblem(new AppError('not_found', 'Nothing.'), 'r'), status },
});
const type = { 'content-type': 'application/problem+json; charset=utf-8' };

describe('checkAnswer', () => {
  it('lets pass what the contract holds', () => {
    expect(() => check(created, { location: '/v1/tables/x' })).not.toThrow();
    expect(() => check(refused(404), type)).not.toThrow();
  });

  it.each([
    ['a field more', { ...created, body: { ...Object(created.body), more: 1 } }, { location: 'x' }],
    ['another status', { ...created, status: 200 }, { location: 'x' }],
    ['no body', { ...created, body: null }, { location: 'x' }],
    ['a missing header', created, {}],
    ['a header it does not tell of', created, { location: 'x', etag: '"1"' }],
    ['a status it does not tell of', refused(412), type],
    ['a problem without its type', refused(404), {}],
    ['an error that is no problem', { ...refused(404), body: { error: 'x' } }, type],
    ['a problem that names another status', { ...refused(404), status: 403 }, type],
  ])('refuses %s', (_what, exchange, headers) => {
    expect(() => check(exchange, headers as unknown as Record<string, string>)).toThrow(
      'which its contract does not hold',
    );
  });
});
