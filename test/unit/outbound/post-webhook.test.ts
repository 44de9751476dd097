import type { IncomingMessage } from 'node:http';
import { describe, expect, it } from 'vitest';
import { postWebhook } from '../../../src/outbound/post-webhook.ts';
import { answerRaw, createClient, deadOrigin, post, startHttp } from './local-endpoint.ts';

const KIB = 1024;

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
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
