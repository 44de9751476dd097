import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Problem } from '../../../src/contracts/problem.ts';
import { fingerprint } from '../../support/fingerprint.ts';
import type { Tablehook } from '../../support/tablehook.ts';
import { startTablehook } from '../../support/tablehook.ts';

const JSON_TYPE = { 'content-type': 'application/json' };
const LARGE = '0'.repeat(2_000_000);

interface Attack {
  method?: string;
  path?: string;
  headers?: Record<string, string>;
  body?: string | Buffer;
}

describe('input that is made to hurt', () => {
  let tablehook: Tablehook;
  let records: string;
  beforeAll(async () => {
    tablehook = await startTablehook();
    const fields = [{ name: 'Any', type: 'json' }];
    const { body } = await tablehook.call<{ id: string }>('POST', '/v1/tables', { name: 'Any', fields });
    records = `/v1/tables/${body.id}/records`;
  });
  afterAll(async () => tablehook.stop());

  const send = async ({ method = 'POST', path = records, headers = JSON_TYPE, body }: Attack) => {
    const response = await fetch(`${tablehook.url}${path}`, {
      method,
      headers: { authorization: `Bearer ${tablehook.apiKey}`, ...headers },
      ...(body !== undefined && { body }),
    });
    return { status: response.status, headers: response.headers, text: await response.text() };
  };
  const nested = (depth: number) => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;
  const values = (json: string) => `{"values":{"Any":${json}}}`;

  it.each<[string, number, Attack]>([
    ['no content type', 415, { headers: { 'content-type': '' }, body: Buffer.from('{}') }],
    ['a form', 415, { headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: 'values=1' }],
    [
      'text, as a page may send without asking',
      415,
      { headers: { 'content-type': 'text/plain' }, body: '{}' },
    ],
    ['another charset', 415, { headers: { 'content-type': 'application/json; charset=utf-7' }, body: '{}' }],
    ['an encoding that is none', 415, { headers: { ...JSON_TYPE, 'content-encoding': 'zip' }, body: '{}' }],
    ['what is not packed', 400, { headers: { ...JSON_TYPE, 'content-encoding': 'gzip' }, body: '{}' }],
    [
      'a little that unpacks to a lot',
      413,
      { headers: { ...JSON_TYPE, 'content-encoding': 'gzip' }, body: gzipSync(values(`"${LARGE}"`)) },
    ],
    ['more than 1 MiB', 413, { body: values(`"${LARGE}"`) }],
    ['bytes that are no UTF-8 in a name', 400, { body: Buffer.from('{"val\xffues":{}}', 'latin1') }],
    ['65 levels', 400, { body: values(nested(65)) }],
    ['100,000 levels', 400, { body: values('['.repeat(100_000) + ']'.repeat(100_000)) }],
    ['a prototype key', 400, { body: values('{"__proto__":{"admin":true}}') }],
    ['a constructor key', 400, { body: values('{"constructor":{"prototype":{"admin":true}}}') }],
    ['an operator as a name', 400, { body: values('{"$where":"sleep(1000)"}') }],
    ['an operator for values', 400, { body: '{"values":{"$set":{"Any":1}}}' }],
    ['a NUL in a name', 400, { body: values(String.raw`{"a\u0000b":1}`) }],
    ['half a character', 400, { body: values(String.raw`"\ud800"`) }],
    ['a number beyond all numbers', 400, { body: values('1e999') }],
    ['a body that is a list', 400, { body: '[]' }],
    ['an operator as a parameter', 400, { method: 'GET', path: '/v1/deliveries?recordId[$ne]=x' }],
    ['a list as a parameter', 400, { method: 'GET', path: '/v1/deliveries?state[]=failed' }],
    ['a parameter twice', 400, { method: 'GET', path: '/v1/deliveries?state=failed&state=delivered' }],
    ['a thousand parameters', 400, { method: 'GET', path: `/v1/deliveries?${'a=1&'.repeat(1_000)}b=1` }],
    ['a prototype as a parameter', 400, { method: 'GET', path: '/v1/deliveries?__proto__[admin]=1' }],
    ['a NUL in an id', 400, { method: 'GET', path: '/v1/tables/tbl_%00' }],
    ['a NUL in a record id', 400, { method: 'GET', path: '/v1/deliveries?recordId=a%00b' }],
    ['an id of other letters', 400, { method: 'GET', path: `/v1/tables/tbl_${'０'.repeat(26)}` }],
    ['an id that leads elsewhere', 400, { method: 'GET', path: '/v1/tables/..%2f..%2fapi-keys' }],
    ['an id that cannot be decoded', 400, { method: 'GET', path: '/v1/tables/%ff' }],
    ['a page of more than 200', 400, { method: 'GET', path: '/v1/tables?limit=201' }],
    ["a cursor of one's own", 400, { method: 'GET', path: `/v1/tables?cursor=${'A'.repeat(40)}` }],
    ['an address of 20,000 characters', 431, { method: 'GET', path: `/v1/tables?${'a'.repeat(20_000)}` }],
    ['20,000 characters of headers', 431, { method: 'GET', headers: { 'x-a': 'a'.repeat(20_000) } }],
  ])('refuses %s with a problem, %i, and changes nothing', async (_what, status, attack) => {
    const before = await fingerprint(tablehook);
    const reply = await send(attack);
    expect(reply.status, reply.text).toBe(status);
    expect(reply.headers.get('content-type')).toContain('application/problem+json');
    const problem = JSON.parse(reply.text) as Problem;
    expect(problem).toMatchObject({ status, requestId: reply.headers.get('x-request-id') });
    expect(problem.detail).not.toBe('');
    expect(await fingerprint(tablehook)).toBe(before);
  });

  it('takes a body that was packed honestly', async () => {
    const headers = { ...JSON_TYPE, 'content-encoding': 'gzip' };
    expect((await send({ headers, body: gzipSync(values('"packed"')) })).status).toBe(201);
  });

  it('keeps a name given twice as the last one, for the check and for the store alike', async () => {
    const { status, text } = await send({ body: '{"values":{"Any":{"__proto__":1},"Any":"last"}}' });
    expect(status).toBe(201);
    expect(JSON.parse(text)).toMatchObject({ values: { Any: 'last' } });
  });

  describe('headers of answers', () => {
    const paths = ['/', '/livez', '/readyz', '/metrics', '/docs', '/openapi.json', '/nothing', '/v1/tables'];

    it.each([...paths.map((path) => ['GET', path]), ['POST', '/v1/tables'], ['PUT', '/v1/tables']])(
      'of %s %s allow neither frames nor guesses of the type, and say nothing of what serves them',
      async (method, path) => {
        const { headers } = await send({ method, path });
        expect(headers.get('x-content-type-options')).toBe('nosniff');
        expect(headers.get('x-frame-options')).toBe('SAMEORIGIN');
        expect(headers.get('content-security-policy')).toContain("frame-ancestors '");
        expect(headers.get('strict-transport-security')).toContain('max-age=');
        expect(headers.get('referrer-policy')).toBe('no-referrer');
        expect(headers.get('x-powered-by')).toBeNull();
        expect(headers.get('server')).toBeNull();
      },
    );

    it.each(['OPTIONS', 'GET', 'POST'])('of %s open nothing to pages of other origins', async (method) => {
      const { status, headers } = await send({
        method,
        path: '/v1/tables',
        headers: {
          ...JSON_TYPE,
          origin: 'https://evil.example',
          'access-control-request-method': 'POST',
          'access-control-request-headers': 'authorization,content-type',
        },
      });
      expect(status).toBe({ OPTIONS: 405, GET: 200, POST: 400 }[method]);
      expect([...headers.keys()].filter((name) => name.startsWith('access-control-'))).toEqual([]);
      expect(headers.get('cross-origin-resource-policy')).toBe('same-origin');
    });
  });
});
