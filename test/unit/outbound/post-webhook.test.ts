import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { postWebhook } from '../../../src/outbound/post-webhook.ts';
import { createClient, deadOrigin, post, startHttp, startRaw } from './local-endpoint.ts';

const KIB = 1024;

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

function deferred(): { promise: Promise<void>; resolve: () => void } {
  let resolve = (): void => undefined;
  const promise = new Promise<void>((fulfil) => (resolve = fulfil));
  return { promise, resolve };
}

async function answerRaw(answer: string, after: (socket: Socket) => void = (socket) => socket.end()) {
  const url = await startRaw((socket) => socket.write(answer, 'latin1', () => after(socket)));
  return postWebhook(createClient(), post(url));
}

describe('postWebhook, when the endpoint answers', () => {
  it('sends method, path, headers and the exact bytes', async () => {
    const seen: unknown[] = [];
    const url = await startHttp(async (request, response) => {
      const { method, headers } = request;
      seen.push({ method, path: request.url, headers, body: await bodyOf(request) });
      response.end();
    });
    const body = '{"name":"Zürich 🪝"}';
    const request = post(`${url}/in/1?key=a%20b#part`, {
      method: 'PUT',
      body,
      headers: { 'X-Custom': 'Zürich' },
    });
    await postWebhook(createClient(), request);
    expect(seen).toEqual([
      {
        method: 'PUT',
        path: '/in/1?key=a%20b',
        body,
        headers: {
          host: new URL(url).host,
          connection: 'keep-alive',
          'content-type': 'application/json',
          'content-length': String(Buffer.byteLength(body)),
          'accept-encoding': 'identity',
          'x-custom': 'Zürich',
        },
      },
    ]);
  });

  it('gives the response of a 200, and nothing that is not JSON-clean', async () => {
    const url = await startHttp((_, response) => {
      response.writeHead(200, { 'content-type': 'text/plain', 'x-multi': ['a', 'b'] }).end('thanks');
    });
    let now = 1000;
    const result = await postWebhook(createClient({ clock: () => (now += 21) }), post(url));
    expect(result).toEqual({
      outcome: 'response',
      status: 200,
      errorCode: null,
      errorMessage: null,
      responseHeaders: expect.objectContaining({ 'content-type': 'text/plain', 'x-multi': 'a, b' }),
      responseBody: 'thanks',
      responseTruncated: false,
      durationMs: 21,
      stage: null,
    });
    expect(JSON.parse(JSON.stringify(result))).toEqual(result);
  });

  it.each([204, 404, 410, 429, 500, 503])('reports status %i as a response', async (status) => {
    const url = await startHttp((_, response) => response.writeHead(status).end());
    const result = await postWebhook(createClient(), post(url));
    expect(result).toMatchObject({ outcome: 'response', status, errorCode: null, responseBody: null });
  });

  it.each([301, 302, 303, 307, 308])('does not follow a %i', async (status) => {
    const paths: (string | undefined)[] = [];
    const url = await startHttp((request, response) => {
      paths.push(request.url);
      response.writeHead(status, { location: '/elsewhere' }).end();
    });
    const result = await postWebhook(createClient(), post(`${url}/first`));
    expect(result).toMatchObject({
      outcome: 'response',
      status,
      responseHeaders: { location: '/elsewhere' },
    });
    expect(paths).toEqual(['/first']);
  });

  it('waits for the final response after early hints and processing', async () => {
    const interim = 'HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\nHTTP/1.1 102 Processing\r\n\r\n';
    const result = await answerRaw(`${interim}HTTP/1.1 201 Created\r\ncontent-length: 2\r\n\r\nok`);
    expect(result).toMatchObject({ outcome: 'response', status: 201, responseBody: 'ok' });
    expect(result.responseHeaders).toEqual({ 'content-length': '2' });
  });

  it('takes a body that ends with the connection as whole', async () => {
    const result = await answerRaw('HTTP/1.0 200 OK\r\n\r\nold style');
    expect(result).toMatchObject({ status: 200, responseBody: 'old style', responseTruncated: false });
  });

  it('redacts response headers that carry credentials', async () => {
    const url = await startHttp((_, response) => {
      response.setHeader('set-cookie', ['sid=s3cret', 'b=s3cret']);
      response.setHeader('www-authenticate', 'Bearer s3cret');
      response.setHeader('authorization', 's3cret');
      response.setHeader('proxy-authenticate', 's3cret').end();
    });
    const result = await postWebhook(createClient(), post(url));
    expect(JSON.stringify(result)).not.toContain('s3cret');
    expect(result.responseHeaders).toMatchObject({
      'set-cookie': '[redacted]',
      'proxy-authenticate': '[redacted]',
    });
  });

  it('does not dump a body that is compressed', async () => {
    const url = await startHttp((_, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(Buffer.alloc(40, 65));
    });
    const result = await postWebhook(createClient(), post(url));
    expect(result.responseBody).toBe('[compressed body, not shown]');
  });
});

describe('postWebhook, when the body misbehaves after the headers', () => {
  it('keeps a body of exactly 16 KiB whole', async () => {
    const url = await startHttp((_, response) => response.end('a'.repeat(16 * KIB)));
    const result = await postWebhook(createClient(), post(url));
    expect(result).toMatchObject({ status: 200, responseTruncated: false });
    expect(result.responseBody).toHaveLength(16 * KIB);
  });

  it('cuts a longer one there, between characters', async () => {
    const url = await startHttp((_, response) => response.end(`a${'ü'.repeat(16 * KIB)}`));
    const result = await postWebhook(createClient(), post(url));
    expect(result).toMatchObject({ status: 200, responseTruncated: true });
    expect(result.responseBody).toBe(`a${'ü'.repeat(8 * KIB - 1)}`);
  });

  it('stops reading an endless body and closes its connection', async () => {
    const closed = deferred();
    const url = await startHttp((_, response) => {
      const more = () => {
        while (response.write('x'.repeat(KIB)));
      };
      response.on('drain', more).on('close', closed.resolve).writeHead(500);
      more();
    });
    const result = await postWebhook(createClient(), post(url));
    expect(result).toMatchObject({ outcome: 'response', status: 500, responseTruncated: true });
    expect(result.responseBody).toBe('x'.repeat(16 * KIB));
    await closed.promise;
  });

  it('lets the status of a dribbling response stand when the grace is over, and closes its connection', async () => {
    const closed = deferred();
    const url = await startHttp((_, response) => {
      response.on('close', closed.resolve).writeHead(200).write('first ');
    });
    const result = await postWebhook(createClient({ bodyGraceMs: 50 }), post(url));
    expect(result).toMatchObject({
      outcome: 'response',
      status: 200,
      errorCode: null,
      responseTruncated: true,
    });
    expect(['first ', null]).toContain(result.responseBody);
    await closed.promise;
  });

  it('lets the status stand when the deadline ends the body', async () => {
    const url = await startHttp((_, response) => void response.writeHead(202).write('first '));
    const result = await postWebhook(createClient(), post(url, { timeoutMs: 1000 }));
    expect(result).toMatchObject({
      outcome: 'response',
      status: 202,
      responseBody: 'first ',
      responseTruncated: true,
    });
  });

  it('lets the status stand when the connection is reset within the body', async () => {
    const head = 'HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nfirst ';
    const result = await answerRaw(head, (socket) => socket.resetAndDestroy());
    expect(result).toMatchObject({ outcome: 'response', status: 200, stage: null, responseTruncated: true });
  });

  it('lets the status stand when the body breaks its chunked framing', async () => {
    const head = 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nfirst\r\nnonsense\r\n';
    expect(await answerRaw(head)).toMatchObject({
      outcome: 'response',
      status: 200,
      responseTruncated: true,
    });
  });
});

describe('postWebhook, when no response comes', () => {
  it('times out when the endpoint hangs', async () => {
    const url = await startHttp(() => undefined);
    const result = await postWebhook(createClient(), post(url, { timeoutMs: 1000 }));
    expect(result).toMatchObject({
      outcome: 'timeout',
      status: null,
      errorCode: 'timeout',
      stage: 'response',
    });
    expect(result.durationMs).toBeGreaterThanOrEqual(999);
  });

  it('times out when the headers dribble for ever', async () => {
    const url = await startRaw((socket) => socket.write('HTTP/1.1 200 OK\r\nx-slow: '));
    const result = await postWebhook(createClient(), post(url, { timeoutMs: 1000 }));
    expect(result).toMatchObject({ outcome: 'timeout', errorCode: 'timeout', stage: 'response' });
  });

  it('times out while the name is being resolved', async () => {
    const client = createClient({ lookup: () => new Promise(() => undefined) });
    const result = await postWebhook(client, post('http://hangs.test/', { timeoutMs: 50 }));
    expect(result).toMatchObject({ outcome: 'timeout', errorCode: 'timeout', stage: 'dns' });
  });

  it('times out while waiting for a free connection, and never sends the call', async () => {
    const paths: (string | undefined)[] = [];
    const released = deferred();
    const url = await startHttp(async (request, response) => {
      paths.push(request.url);
      if (request.url === '/first') await released.promise;
      response.end();
    });
    const client = createClient({ connections: 1 });
    const first = postWebhook(client, post(`${url}/first`));
    const second = await postWebhook(client, post(`${url}/second`, { timeoutMs: 50 }));
    expect(second).toMatchObject({ outcome: 'timeout', status: null });
    released.resolve();
    expect(await first).toMatchObject({ status: 200 });
    expect(await postWebhook(client, post(`${url}/third`))).toMatchObject({ status: 200 });
    expect(paths).toEqual(['/first', '/third']);
  });

  it('reports a port nobody listens on', async () => {
    const result = await postWebhook(createClient(), post(await deadOrigin()));
    expect(result).toMatchObject({
      outcome: 'network-error',
      errorCode: 'connection_refused',
      errorMessage: 'The connection failed (ECONNREFUSED).',
      stage: 'connect',
    });
  });

  it('fails every waiting call at once when the port is dead', async () => {
    const client = createClient({ connections: 2 });
    const url = await deadOrigin();
    const results = await Promise.all(Array.from({ length: 50 }, () => postWebhook(client, post(url))));
    expect(new Set(results.map(({ errorCode }) => errorCode))).toEqual(new Set(['connection_refused']));
  });

  it('reports a reset in the middle of the headers', async () => {
    const result = await answerRaw('HTTP/1.1 200 OK\r\nx-some', (socket) => socket.resetAndDestroy());
    expect(result).toMatchObject({
      outcome: 'network-error',
      errorCode: 'connection_reset',
      stage: 'response',
    });
  });

  it('reports a connection closed without an answer', async () => {
    expect(await answerRaw('')).toMatchObject({ outcome: 'network-error', errorCode: 'connection_reset' });
  });

  it('reports headers beyond 16 KiB', async () => {
    const result = await answerRaw(`HTTP/1.1 200 OK\r\nx-big: ${'a'.repeat(20 * KIB)}\r\n\r\n`);
    expect(result).toMatchObject({ outcome: 'network-error', errorCode: 'headers_too_large', status: null });
  });

  it.each([
    ['plain text', 'SSH-2.0-OpenSSH_9.6\r\n'],
    ['a TLS alert', '\x15\x03\x03\x00\x02\x02\x28'],
    ['a broken header', 'HTTP/1.1 200 OK\r\nno colon\r\n\r\n'],
    ['an impossible length', 'HTTP/1.1 200 OK\r\ncontent-length: ten\r\n\r\n'],
    ['two lengths', 'HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab'],
    ['a 100 Continue nobody asked for', 'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n\r\n'],
    ['a 100 nobody asked for', 'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n'],
    [
      'a switch of protocols',
      'HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n',
    ],
  ])('reports an answer that is not HTTP: %s', async (_, answer) => {
    const result = await answerRaw(answer);
    expect(result).toMatchObject({
      outcome: 'network-error',
      errorCode: 'invalid_response',
      stage: 'response',
    });
    expect(result.errorMessage).toMatch(/^The answer is not valid HTTP\/1\.1 \(\w+\)\.$/);
  });

  it('stops at once when the caller aborts', async () => {
    const controller = new AbortController();
    const url = await startHttp(() => controller.abort());
    const result = await postWebhook(createClient(), post(url, { signal: controller.signal }));
    expect(result).toMatchObject({ outcome: 'network-error', errorCode: 'aborted', stage: 'response' });
  });

  it('calls nobody when the caller has aborted before', async () => {
    let calls = 0;
    const url = await startHttp((_, response) => void response.end(String((calls += 1))));
    const result = await postWebhook(createClient(), post(url, { signal: AbortSignal.abort() }));
    expect(result).toMatchObject({ outcome: 'network-error', errorCode: 'aborted' });
    expect(calls).toBe(0);
  });

  it('reports a call of an agent that was closed', async () => {
    const client = createClient();
    await client.agent.close();
    const result = await postWebhook(client, post(await deadOrigin()));
    expect(result).toMatchObject({ outcome: 'network-error', errorCode: 'aborted' });
  });
});

describe('postWebhook, when it refuses', () => {
  it.each([
    ['address_refused', 'http://10.0.0.1/s3cret'],
    ['address_refused', 'http://0x0a000001/s3cret'],
    ['address_refused', 'http://169.254.169.254/s3cret'],
    ['address_refused', 'http://[fd00::1]/s3cret'],
    ['url_refused', 'ftp://example.com/s3cret'],
    ['url_refused', 'https://u:s3cret@example.com/'],
    ['url_refused', 'http://127.0.0.1:6379/s3cret'],
    ['url_refused', 's3cret'],
  ])('answers %s for %s and keeps the URL to itself', async (errorCode, url) => {
    const result = await postWebhook(createClient(), post(url));
    expect(result).toMatchObject({ outcome: 'refused', status: null, errorCode, stage: 'url' });
    expect(JSON.stringify(result)).not.toContain('s3cret');
  });

  it('refuses a name when one of its addresses is forbidden, and dials none of them', async () => {
    let calls = 0;
    const url = await startHttp((_, response) => void response.end(String((calls += 1))));
    const client = createClient({ lookup: async () => ['127.0.0.1', '10.0.0.7'] });
    const result = await postWebhook(client, post(`http://mixed.test:${new URL(url).port}/`));
    expect(result).toMatchObject({
      outcome: 'refused',
      errorCode: 'address_refused',
      errorMessage: "The endpoint's address is refused: in 10.0.0.0/8 (private network).",
      stage: 'dns',
    });
    expect(calls).toBe(0);
  });

  it.each([
    { host: 'internal' },
    { Host: 'internal' },
    { 'x-bad': 'a\r\nb' },
    { 'transfer-encoding': 'chunked' },
  ])('does not send the header %j', async (headers) => {
    let calls = 0;
    const url = await startHttp((_, response) => void response.end(String((calls += 1))));
    const result = await postWebhook(
      createClient(),
      post(url, { headers: headers as Record<string, string> }),
    );
    expect(result).toMatchObject({
      outcome: 'network-error',
      errorCode: 'invalid_request',
      stage: 'request',
    });
    expect(calls).toBe(0);
  });

  it('never shows what it sends in a result', async () => {
    const url = `${await deadOrigin()}/s3cret?s3cret`;
    const request = post(url, { headers: { authorization: 's3cret' }, body: 's3cret' });
    expect(JSON.stringify(await postWebhook(createClient(), request))).not.toContain('s3cret');
  });
});

describe('postWebhook, over one connection', () => {
  it('uses it again after a whole response', async () => {
    const ports = new Set<number | undefined>();
    const url = await startHttp((request, response) => {
      ports.add(request.socket.remotePort);
      response.end('ok');
    });
    const client = createClient({ connections: 1 });
    for (let call = 0; call < 3; call += 1) await postWebhook(client, post(url));
    expect(ports.size).toBe(1);
  });

  it('does not use it again after a body it did not read to the end', async () => {
    const ports = new Set<number | undefined>();
    const url = await startHttp((request, response) => {
      ports.add(request.socket.remotePort);
      response.end('x'.repeat(64 * KIB));
    });
    const client = createClient();
    for (let call = 0; call < 2; call += 1) await postWebhook(client, post(url));
    expect(ports.size).toBe(2);
  });
});
