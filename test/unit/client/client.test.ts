import type { IncomingMessage, Server } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createTablehookClient, orThrow, TablehookError } from '../../../src/client/client.ts';

interface Answer {
  status: number;
  headers?: Record<string, string>;
  body?: string;
}

const PROBLEM = {
  type: 'https://tablehook.dev/problems/not-found',
  title: 'Not found',
  status: 404,
  detail: 'There is no table tbl_1.',
  code: 'not_found',
  errors: [],
  requestId: 'r',
};
const json = { 'content-type': 'application/json' };
const problem = { 'content-type': 'application/problem+json; charset=utf-8' };
const busy = (status: number, retryAfter?: string): Answer => ({
  status,
  headers: { ...problem, ...(retryAfter !== undefined && { 'retry-after': retryAfter }) },
  body: JSON.stringify({ ...PROBLEM, status }),
});
const page: Answer = { status: 200, headers: json, body: '{"data":[],"nextCursor":null}' };
const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

/** A client of a server that answers in this order, the last one for ever, and what the server was asked. */
async function start(...answers: Answer[]) {
  const asked: { method: string; url: string; headers: IncomingMessage['headers']; body: string }[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      asked.push({
        method: request.method ?? '',
        url: request.url ?? '',
        headers: request.headers,
        body,
      });
      const answer = answers.length > 1 ? answers.shift() : answers[0];
      response.writeHead(answer?.status ?? 500, answer?.headers).end(answer?.body);
    });
  }).listen(0, '127.0.0.1');
  servers.push(server);
  await new Promise((resolve) => server.once('listening', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { asked, client: createTablehookClient({ url, apiKey: 'thk_test' }) };
}

describe('createTablehookClient', () => {
  it('calls the path with its parameters, the query, the body and the key', async () => {
    const { asked, client } = await start({ status: 201, headers: json, body: '{"id":"rec_1"}' });
    const { data, error } = await client.POST('/v1/tables/{tableId}/records', {
      params: { path: { tableId: 'tbl_a b' }, query: { keys: 'id' }, header: { 'Idempotency-Key': 'k' } },
      body: { values: { fld_1: 'x' } },
    });
    expect([data?.id, error]).toEqual(['rec_1', undefined]);
    expect(asked).toMatchObject([
      {
        method: 'POST',
        url: '/v1/tables/tbl_a%20b/records?keys=id',
        headers: { authorization: 'Bearer thk_test', 'idempotency-key': 'k' },
        body: '{"values":{"fld_1":"x"}}',
      },
    ]);
  });

  it('answers the problem of an error, and orThrow throws it', async () => {
    const { client } = await start({ status: 404, headers: problem, body: JSON.stringify(PROBLEM) });
    const get = () => client.GET('/v1/tables/{tableId}', { params: { path: { tableId: 'tbl_1' } } });
    const { data, error } = await get();
    expect([data, error?.code, error?.detail]).toEqual([undefined, 'not_found', PROBLEM.detail]);
    await expect(orThrow(get())).rejects.toThrow(
      expect.objectContaining({
        name: 'TablehookError',
        status: 404,
        problem: PROBLEM,
        message: '404 not_found: There is no table tbl_1.',
      }),
    );
  });

  it('throws with the status alone when a proxy answered, and with nothing else when nobody does', async () => {
    const { client } = await start({ status: 502, headers: { 'content-type': 'text/html' }, body: '<p>bad' });
    const thrown = await orThrow(client.GET('/v1/tables')).catch((error: unknown) => error);
    expect(thrown).toBeInstanceOf(TablehookError);
    expect(thrown).toMatchObject({ status: 502, problem: null });
    const nobody = createTablehookClient({ url: 'http://127.0.0.1:1', apiKey: 'thk_test' });
    await expect(nobody.GET('/v1/tables')).rejects.toThrow('fetch failed');
  });

  it('gives nothing for a 204', async () => {
    const { client } = await start({ status: 204 });
    const path = { tableId: 'tbl_1', recordId: 'rec_1' };
    const call = client.DELETE('/v1/tables/{tableId}/records/{recordId}', { params: { path } });
    expect(await orThrow(call)).toBeUndefined();
  });

  it.each([429, 503])('waits out a %d by Retry-After', async (status) => {
    const { asked, client } = await start(busy(status, '0'), busy(status, '0'), page);
    expect(await orThrow(client.GET('/v1/tables'))).toEqual({ data: [], nextCursor: null });
    expect(asked).toHaveLength(3);
  });

  it('gives up after two repeats, and asks once where no time is told', async () => {
    const first = await start(busy(503, '0'));
    expect((await first.client.GET('/v1/tables')).error?.status).toBe(503);
    expect(first.asked).toHaveLength(3);
    const second = await start(busy(503));
    expect((await second.client.GET('/v1/tables')).response.status).toBe(503);
    expect(second.asked).toHaveLength(1);
  });

  it('repeats a write that may have happened only under an Idempotency-Key, with its body', async () => {
    const bare = await start(busy(503, '0'), { status: 201, headers: json, body: '{}' });
    expect((await bare.client.POST('/v1/tables', { body: { name: 'T' } })).response.status).toBe(503);
    const keyed = await start(busy(503, '0'), { status: 201, headers: json, body: '{}' });
    const header = { 'Idempotency-Key': 'k' };
    const { response } = await keyed.client.POST('/v1/tables', { params: { header }, body: { name: 'T' } });
    expect(response.status).toBe(201);
    expect(keyed.asked.map(({ body }) => body)).toEqual(['{"name":"T"}', '{"name":"T"}']);
    const limited = await start(busy(429, '0'), { status: 201, headers: json, body: '{}' });
    expect((await limited.client.POST('/v1/tables', { body: { name: 'T' } })).response.status).toBe(201);
  });

  it('repeats a write that an overloaded server did not begin', async () => {
    const overloaded = { ...busy(503, '0'), body: JSON.stringify({ ...PROBLEM, code: 'overloaded' }) };
    const { asked, client } = await start(overloaded, { status: 201, headers: json, body: '{}' });
    expect((await client.POST('/v1/tables', { body: { name: 'T' } })).response.status).toBe(201);
    expect(asked).toHaveLength(2);
  });

  it('stops waiting when it is told to', async () => {
    const { asked, client } = await start(busy(429, '20'));
    const stopping = new AbortController();
    const call = client.GET('/v1/tables', { signal: stopping.signal });
    while (asked.length === 0) await new Promise((resolve) => setImmediate(resolve));
    stopping.abort(new Error('enough'));
    await expect(call).rejects.toThrow('enough');
  });
});
