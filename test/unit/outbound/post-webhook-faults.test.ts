import { describe, expect, it } from 'vitest';
import { postWebhook } from '../../../src/outbound/post-webhook.ts';
import { answerRaw, createClient, deadOrigin, post, startHttp, startRaw } from './local-endpoint.ts';

const KIB = 1024;
const INTERIM = `HTTP/1.1 103 Early Hints\r\nlink: ${'a'.repeat(KIB)}\r\n\r\n`;

function deferred(): { promise: Promise<void>; resolve: () => void } {
  let resolve = (): void => undefined;
  const promise = new Promise<void>((fulfil) => (resolve = fulfil));
  return { promise, resolve };
}

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

  it('passes over a few interim responses', async () => {
    const result = await answerRaw(`${INTERIM.repeat(16)}HTTP/1.1 204 No Content\r\n\r\n`);
    expect(result).toMatchObject({ outcome: 'response', status: 204 });
  });

  it('listens to no more interim responses than that, and closes the connection', async () => {
    const closed = deferred();
    const url = await startRaw((socket) => {
      const more = () => {
        while (socket.write(INTERIM));
      };
      socket.on('drain', more).on('close', closed.resolve);
      more();
    });
    const result = await postWebhook(createClient(), post(url));
    expect(result).toMatchObject({ outcome: 'network-error', errorCode: 'invalid_response', status: null });
    await closed.promise;
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
