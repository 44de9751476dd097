import { createHash } from 'node:crypto';
import type { Server } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mongo } from 'mongoose';
import { Registry } from 'prom-client';
import { afterEach, describe, expect, it } from 'vitest';
import type { AppDeps } from '../../../src/api/app.ts';
import { createApp } from '../../../src/api/app.ts';
import type { Scope } from '../../../src/contracts/api-key.ts';
import { CIRCUIT } from '../../../src/domain/circuit.ts';
import { createLogger } from '../../../src/logger.ts';
import type { Models } from '../../../src/models/models.ts';
import { Budget } from '../../../src/services/budget.ts';

const KEY = `thk_${'a'.repeat(40)}`;
const TABLES = '/v1/tables';
const RECORD = '/v1/tables/tbl_01h455vb4pex5vsknk084sn02q/records/rec_01h455vb4pex5vsknk084sn02q';
const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

interface StartOptions extends Partial<AppDeps> {
  scopes?: Scope[];
  findKey?: () => Promise<unknown>;
}

/** Serves the app over a database that knows one API key and nothing else: what is tested here never gets further. */
async function start({ scopes = ['admin'], findKey, ...deps }: StartOptions = {}) {
  const hash = createHash('sha256').update(KEY).digest('hex');
  const known = { _id: 'key_1', name: 'test', scopes, tables: null, lastUsedAt: new Date() };
  const find = findKey ?? (async (given: string) => (given === hash ? known : null));
  const apiKeys = { findOne: (filter: { hash: string }) => ({ lean: () => find(filter.hash) }) };
  const lines: string[] = [];
  const app = createApp({
    models: { apiKeys } as unknown as Models,
    clock: () => new Date(),
    newId: (prefix) => `${prefix}_1`,
    random: () => 0.5,
    circuit: CIRCUIT,
    walking: new Budget({ total: 1 }),
    secretBox: { keyIds: ['none'], lostKeyIds: [], seal: (text) => text, open: (text) => text },
    workflowLink: (id) => ({ id, url: null }),
    recordWorkflowsLink: () => ({ id: null, url: null }),
    starter: { isIdleFor: () => false, reserve: () => 0, release: () => undefined, start: () => undefined },
    events: { tell: async () => undefined },
    waker: { wake: () => undefined, lookAfter: async () => undefined, startReplay: () => undefined },
    endpointRules: {
      checkUrl: (url) => ({ ok: true, url: new URL(url) }),
      checkHeader: () => ({ ok: true }),
    },
    testRunner: { runTest: async () => undefined },
    inspector: { isRunning: async () => true, countWorkers: async () => 1 },
    logger: createLogger({ level: 'debug', destination: { write: (line) => lines.push(line) } }),
    readiness: async () => ({ mongodb: true, temporal: false }),
    metrics: new Registry(),
    version: '1.2.3',
    ...deps,
  });
  const server = createServer(app).listen(0, '127.0.0.1');
  servers.push(server);
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    lines: () => lines.map((line) => JSON.parse(line) as Record<string, unknown>),
    call: async (
      method: string,
      path: string,
      { body, headers = {} }: { body?: string; headers?: object } = {},
    ) => {
      const response = await fetch(`http://127.0.0.1:${port}${path}`, {
        method,
        headers: {
          authorization: `Bearer ${KEY}`,
          ...(body !== undefined && { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body !== undefined && { body }),
      });
      const text = await response.text();
      const json = (text.startsWith('{') ? JSON.parse(text) : {}) as Record<string, unknown>;
      return { status: response.status, headers: response.headers, json };
    },
  };
}

describe('createApp', () => {
  describe('operations', () => {
    it('lives whatever happens, and says what it is', async () => {
      const { call } = await start({ readiness: async () => Promise.reject(new Error('x')) });
      expect((await call('GET', '/livez', { headers: { authorization: '' } })).status).toBe(200);
      expect((await call('GET', '/')).json).toMatchObject({ name: 'tablehook', version: '1.2.3' });
    });

    it('is ready when MongoDB answers, also without Temporal', async () => {
      const { call } = await start();
      expect(await call('GET', '/readyz')).toMatchObject({
        status: 200,
        json: { mongodb: true, temporal: false },
      });
    });

    it.each([async () => ({ mongodb: false, temporal: true }), async () => Promise.reject(new Error('x'))])(
      'is not ready without MongoDB (%#)',
      async (readiness) => {
        const { call } = await start({ readiness });
        expect(await call('GET', '/readyz')).toMatchObject({ status: 503, json: { mongodb: false } });
      },
    );

    it('shows the metrics it was given', async () => {
      const { call } = await start();
      const { status, headers } = await call('GET', '/metrics');
      expect(status).toBe(200);
      expect(headers.get('content-type')).toContain('text/plain');
    });
  });

  describe('paths and methods', () => {
    it('answers 404 as a problem for an unknown path', async () => {
      const { call } = await start();
      const { status, headers, json } = await call('GET', '/v1/nope');
      expect(status).toBe(404);
      expect(headers.get('content-type')).toContain('application/problem+json');
      expect(json).toMatchObject({ code: 'not_found', requestId: headers.get('x-request-id') });
    });

    it.each([
      ['PUT', TABLES, 'GET, HEAD, POST'],
      ['POST', RECORD, 'DELETE, GET, HEAD, PATCH'],
      ['GET', RECORD.replace(/rec_.*/, 'batch'), 'POST'],
      ['DELETE', '/livez', 'GET, HEAD'],
    ])('answers 405 with Allow for %s %s', async (method, path, allow) => {
      const { call } = await start();
      const { status, headers } = await call(method, path);
      expect(status).toBe(405);
      expect(headers.get('allow')).toBe(allow);
    });

    it('answers 400 for a path that cannot be decoded', async () => {
      const { call } = await start();
      expect(await call('GET', `${TABLES}/%zz`)).toMatchObject({
        status: 400,
        json: { code: 'invalid_request' },
      });
    });
  });

  describe('request ids', () => {
    it('echoes a sane one', async () => {
      const { call } = await start();
      const { headers } = await call('GET', '/livez', { headers: { 'x-request-id': 'a-1.b' } });
      expect(headers.get('x-request-id')).toBe('a-1.b');
    });

    it.each(['a b', 'x'.repeat(129), '<script>'])('replaces %s', async (id) => {
      const { call } = await start();
      const { headers } = await call('GET', '/livez', { headers: { 'x-request-id': id } });
      expect(headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    });
  });

  describe('keys', () => {
    it.each(['', 'Basic abc', 'Bearer', 'Bearer nope', `Bearer thk_${'b'.repeat(40)}`])(
      'answers 401 to the Authorization %j',
      async (authorization) => {
        const { call } = await start();
        const { status, headers } = await call('GET', TABLES, { headers: { authorization } });
        expect(status).toBe(401);
        expect(headers.get('www-authenticate')).toBe('Bearer');
      },
    );

    it('answers 403 when the key lacks a scope, before it reads the body', async () => {
      const { call } = await start({ scopes: ['tables:read'] });
      const answer = await call('POST', TABLES, { body: '{' });
      expect(answer).toMatchObject({ status: 403, json: { code: 'forbidden' } });
    });

    it('answers 429 with Retry-After beyond the rate of a key', async () => {
      const { call } = await start({ scopes: [], limits: { requestsPerSecond: 2 } });
      const answers = [await call('GET', TABLES), await call('GET', TABLES), await call('GET', TABLES)];
      expect(answers.map(({ status }) => status)).toEqual([403, 403, 429]);
      expect(answers[2]?.headers.get('retry-after')).toBe('1');
    });

    it('limits failed authentication by address, and never a valid key behind it', async () => {
      const { call } = await start({ scopes: [], limits: { failedAuthenticationsPerMinute: 1 } });
      const headers = { authorization: 'Bearer thk_wrong' };
      const answers = [
        await call('GET', TABLES, { headers }),
        await call('GET', TABLES, { headers }),
        await call('GET', TABLES),
      ];
      expect(answers.map(({ status }) => status)).toEqual([401, 429, 403]);
      expect(Number(answers[1]?.headers.get('retry-after'))).toBeGreaterThan(1);
    });
  });

  describe('bodies', () => {
    it.each([
      ['{"name":', 400],
      ['"text"', 400],
      ['[]', 400],
      ['{"name":"x","__proto__":{}}', 400],
      [JSON.stringify({ name: 'x'.repeat(1_100_000) }), 413],
    ])('answers %.30s with %i', async (body, status) => {
      const { call } = await start();
      expect((await call('POST', TABLES, { body })).status).toBe(status);
    });

    it('answers 415 to another media type', async () => {
      const { call } = await start();
      const headers = { 'content-type': 'text/plain' };
      expect((await call('POST', TABLES, { body: '{}', headers })).status).toBe(415);
    });

    it.each(['charset=utf-7', 'x="; charset=utf-8"; charset=utf-7', String.raw`charset="utf\-7"`])(
      'answers 415 to another charset, however it is named: %s',
      async (parameters) => {
        const { call } = await start();
        const headers = { 'content-type': `application/json; ${parameters}` };
        expect((await call('POST', TABLES, { body: '{}', headers })).status).toBe(415);
      },
    );

    it.each([
      ['if-match', 'x', 'PATCH', RECORD, 400],
      ['tablehook-hops', 'x', 'GET', TABLES, 400],
      ['tablehook-hops', '9', 'POST', TABLES, 422],
      ['idempotency-key', 'a b', 'POST', TABLES, 400],
    ])('judges the header %s: %s of a %s', async (name, value, method, path, status) => {
      const { call } = await start();
      const body = method === 'GET' ? {} : { body: '{"name":"x","values":{}}' };
      expect((await call(method, path, { ...body, headers: { [name]: value } })).status).toBe(status);
    });
  });

  describe('failures behind it', () => {
    it('answers 503 with Retry-After while the database is away', async () => {
      const { call } = await start({
        findKey: async () => Promise.reject(new mongo.MongoNetworkError('gone')),
      });
      const { status, headers } = await call('GET', TABLES);
      expect(status).toBe(503);
      expect(headers.get('retry-after')).toBe('1');
    });

    it('answers 500 without a word of the reason, which is logged with its stack', async () => {
      const { call, lines } = await start({ findKey: async () => Promise.reject(new TypeError('boom')) });
      const { status, json } = await call('GET', TABLES);
      expect(status).toBe(500);
      expect(JSON.stringify(json)).not.toContain('boom');
      expect(lines()).toMatchObject([
        {
          level: 'error',
          code: 'internal',
          err: { type: 'TypeError', message: 'boom', stack: expect.any(String) },
        },
      ]);
    });
  });

  it('logs one line per request, by route and ids, without anything the request held', async () => {
    const { call, lines } = await start();
    const headers = { 'x-request-id': 'r-1', 'idempotency-key': 'topsecret' };
    await call('POST', `${TABLES}?topsecret=1`, { body: '{"topsecret":1}', headers });
    await call('PATCH', `${RECORD}?topsecret=1`, { body: '{"values":{"topsecret":1}}' });
    expect(JSON.stringify(lines())).not.toContain('topsecret');
    expect(lines()).toHaveLength(2);
    expect(lines()[0]).toMatchObject({
      level: 'info',
      request_id: 'r-1',
      method: 'POST',
      route: '/v1/tables',
      status: 400,
      duration_ms: expect.any(Number),
      api_key_id: 'key_1',
      code: 'invalid_request',
      msg: 'request',
    });
    expect(lines()[1]).toMatchObject({ route: '/v1/tables/:tableId/records/:recordId' });
  });

  it('says nothing of its make, and forbids caching', async () => {
    const { call } = await start();
    const { headers } = await call('GET', '/');
    expect(headers.get('x-powered-by')).toBeNull();
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('etag')).toBeNull();
  });
});
