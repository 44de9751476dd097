import { createServer, type IncomingMessage } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { connect, createServer as createTcpServer, type Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { createAddressPolicy } from '../../../src/outbound/address-policy.ts';
import { parseEgressProxy } from '../../../src/outbound/egress-proxy.ts';
import { postWebhook, type WebhookClient } from '../../../src/outbound/post-webhook.ts';
import { createSafeAgent, type SafeAgentOptions } from '../../../src/outbound/safe-agent.ts';
import { hasOpenssl, selfSigned, type KeyPair } from '../../support/certificates.ts';
import { createClient, deadOrigin, listen, PATIENT_MS, post, startHttp, startRaw } from './local-endpoint.ts';

const PUBLIC = '93.184.216.34';
const answersPublic = async () => [PUBLIC];

/** A proxy that notes what it is asked for and opens each tunnel to the endpoint of the test. */
async function startProxy(endpointPort: number, pair?: KeyPair) {
  const asked: IncomingMessage[] = [];
  const server = pair ? createTlsServer(pair) : createServer();
  server.on('connect', (request: IncomingMessage, socket: Socket) => {
    asked.push(request);
    const tunnel = connect(endpointPort, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\nvia: test\r\n\r\n');
      tunnel.pipe(socket).pipe(tunnel);
    });
    for (const end of [socket, tunnel]) end.on('error', () => undefined);
    socket.on('close', () => tunnel.destroy());
  });
  const host = pair ? 'https://user:s3cret@localhost' : 'http://user:s3cret@localhost';
  return { asked, url: `${host}:${await listen(server)}` };
}

/** A client that may call public addresses alone; the proxy's own is loopback. */
function createStrictClient(url: string, options: Partial<SafeAgentOptions> = {}): WebhookClient {
  const policy = createAddressPolicy({ allowCidrs: [] });
  const proxy = parseEgressProxy(url);
  const agent = createSafeAgent({ policy, proxy, lookup: answersPublic, ...options });
  onTestFinished(() => agent.destroy());
  return { agent, target: { policy, requireHttps: false, refusedOrigins: [] } };
}

const closing = (socket: Socket) => new Promise((resolve) => socket.on('close', resolve));
const portOf = (origin: string) => Number(new URL(origin).port);

describe('a call through an egress proxy', () => {
  it('asks for exactly the judged address, with the credentials, and keeps the Host header', async () => {
    const hosts: unknown[] = [];
    const endpoint = await startHttp(({ headers }, response) => {
      hosts.push(headers.host, headers['proxy-authorization']);
      response.end('reached');
    });
    const { asked, url } = await startProxy(portOf(endpoint));
    const client = createStrictClient(url, { connections: 1 });
    for (const body of ['1', '2']) {
      const result = await postWebhook(client, post('http://hooks.test:8080/', { body }));
      expect(result).toMatchObject({ status: 200, responseBody: 'reached' });
    }
    const [first, ...others] = asked;
    expect(others.length).toBe(0);
    expect(first).toMatchObject({ method: 'CONNECT', url: `${PUBLIC}:8080` });
    expect(first?.headers).toEqual({
      host: `${PUBLIC}:8080`,
      'proxy-authorization': `Basic ${Buffer.from('user:s3cret').toString('base64')}`,
    });
    expect(hosts).toEqual(['hooks.test:8080', undefined, 'hooks.test:8080', undefined]);
  });

  it('writes an IPv6 address in brackets, and 80 where the URL has no port', async () => {
    const endpoint = await startHttp((_, response) => response.end());
    const { asked, url } = await startProxy(portOf(endpoint));
    const client = createStrictClient(url);
    await postWebhook(client, post('http://[2606:4700:4700::1111]/'));
    expect(asked.map((request) => request.url)).toEqual(['[2606:4700:4700::1111]:80']);
  });

  it.each([
    ['a name', 'http://inside.test/', async () => ['8.8.8.8', '10.0.0.1']],
    ['a metadata name', 'http://inside.test/', async () => ['169.254.169.254']],
    ['a literal address', 'http://[::ffff:7f00:1]/', answersPublic],
  ])('asks the proxy for nothing when %s is refused', async (_, target, lookup) => {
    const { asked, url } = await startProxy(1);
    const result = await postWebhook(createStrictClient(url, { lookup }), post(target));
    expect(result).toMatchObject({ outcome: 'refused', errorCode: 'address_refused' });
    expect(asked).toEqual([]);
  });

  it('tries the next judged address when the proxy cannot open one', async () => {
    const asked: (string | undefined)[] = [];
    const endpoint = await startHttp((_, response) => response.end());
    const server = createServer().on('connect', (request: IncomingMessage, socket: Socket) => {
      asked.push(request.url);
      if (asked.length === 1) return socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
      const tunnel = connect(portOf(endpoint), '127.0.0.1', () => socket.write('HTTP/1.1 200\r\n\r\n'));
      return tunnel.pipe(socket).pipe(tunnel);
    });
    const client = createStrictClient(`http://127.0.0.1:${await listen(server)}`, {
      lookup: async () => ['2606:4700::1', '8.8.4.4'],
    });
    expect(await postWebhook(client, post('http://two.test/'))).toMatchObject({ status: 200 });
    expect(asked).toEqual(['[2606:4700::1]:80', '8.8.4.4:80']);
  });
});

describe.skipIf(!hasOpenssl)('a call over TLS through an egress proxy (needs the openssl command)', () => {
  let pair: KeyPair;
  beforeAll(() => {
    pair = selfSigned('DNS:hooks.test,DNS:localhost');
  });

  async function startTls(servernames: unknown[]): Promise<number> {
    const server = createTlsServer(pair, (incoming, response) => {
      servernames.push((incoming.socket as TLSSocket).servername);
      response.end('secure');
    });
    return listen(server);
  }

  it.each([
    ['http', false],
    ['https', true],
  ])('is end to end to the endpoint, by a proxy of %s', async (_, isSecure) => {
    const servernames: unknown[] = [];
    const { asked, url } = await startProxy(await startTls(servernames), isSecure ? pair : undefined);
    const client = createStrictClient(url, { ca: pair.cert });
    const result = await postWebhook(client, post('https://hooks.test/'));
    expect(result).toMatchObject({ status: 200, responseBody: 'secure' });
    expect(servernames).toEqual(['hooks.test']);
    expect(asked.map((request) => request.url)).toEqual([`${PUBLIC}:443`]);
  });

  it('refuses an endpoint with a certificate of another name', async () => {
    const { url } = await startProxy(await startTls([]));
    const result = await postWebhook(createStrictClient(url, { ca: pair.cert }), post('https://other.test/'));
    expect(result).toMatchObject({
      errorCode: 'tls_failed',
      errorMessage: 'The TLS handshake failed (ERR_TLS_CERT_ALTNAME_INVALID).',
      stage: 'tls',
    });
  });

  it('says nothing to a proxy whose certificate nobody vouches for', async () => {
    const { asked, url } = await startProxy(1, pair);
    const result = await postWebhook(createStrictClient(url), post('https://hooks.test/'));
    expect(result).toMatchObject({
      outcome: 'network-error',
      errorCode: 'proxy_unreachable',
      errorMessage: 'The egress proxy cannot be reached (DEPTH_ZERO_SELF_SIGNED_CERT).',
      stage: 'proxy',
    });
    expect(asked).toEqual([]);
  });
});

describe('an egress proxy that opens no connection', () => {
  async function callThrough(proxyUrl: string, options: Partial<SafeAgentOptions> = {}) {
    const result = await postWebhook(createStrictClient(proxyUrl, options), post('http://hooks.test/'));
    expect(JSON.stringify(result)).not.toMatch(/s3cret|127\.0\.0\.1|localhost/);
    return result;
  }

  it.each([
    ['403', 'The egress proxy refused the connection with status 403.'],
    ['407', 'The egress proxy refused the connection with status 407. It wants other credentials.'],
    ['502', 'The egress proxy refused the connection with status 502.'],
    ['302', 'The egress proxy refused the connection with status 302.'],
    ['100', 'The egress proxy refused the connection with status 100.'],
  ])('is named with its status %s', async (status, errorMessage) => {
    const url = await startRaw((socket) =>
      socket.end(`HTTP/1.1 ${status} s3cret\r\nlocation: http://10.0.0.1/\r\n\r\ns3cret`),
    );
    expect(await callThrough(url)).toMatchObject({
      outcome: 'network-error',
      status: null,
      errorCode: 'proxy_refused',
      errorMessage,
      responseBody: null,
      stage: 'proxy',
    });
  });

  it.each([
    ['junk', 'SSH-2.0-OpenSSH_9.6 s3cret\r\n'],
    ['nothing', ''],
    ['half a head', 'HTTP/1.1 200 OK\r\nvia: s3c'],
    ['a head beyond 8 KiB', `HTTP/1.1 200 OK\r\nvia: ${'a'.repeat(9000)}\r\n\r\n`],
    ['an answer of its own behind the head', 'HTTP/1.1 200 OK\r\n\r\nHTTP/1.1 200 OK\r\n\r\n'],
  ])('is named when it sends %s', async (_, answer) => {
    const url = await startRaw((socket) => socket.end(answer, 'latin1'));
    expect(await callThrough(url)).toMatchObject({
      outcome: 'network-error',
      errorCode: 'proxy_invalid_response',
      errorMessage: 'The egress proxy gave no valid answer to CONNECT.',
      stage: 'proxy',
    });
  });

  it.each(['HTTP/1.1 200 ', 'HTTP/1.1 200 OK\r\nvia: '])(
    'is cut off within an endless head: %j',
    async (head) => {
      let closed: Promise<unknown> | undefined;
      const url = await startRaw((socket) => {
        closed = closing(socket);
        const more = () => {
          while (socket.write('x'.repeat(1024)));
        };
        socket.on('drain', more).write(head);
        more();
      });
      expect(await callThrough(url)).toMatchObject({ errorCode: 'proxy_invalid_response', stage: 'proxy' });
      await closed;
    },
  );

  it('times out by itself when it hangs, and its connection is closed', async () => {
    let closed: Promise<unknown> | undefined;
    const server = createTcpServer((socket) => (closed = closing(socket.resume())));
    const url = `http://user:s3cret@127.0.0.1:${await listen(server)}`;
    expect(await callThrough(url, { connectTimeoutMs: 300 })).toMatchObject({
      outcome: 'timeout',
      errorCode: 'timeout',
      errorMessage: 'The egress proxy did not answer in time.',
      stage: 'proxy',
    });
    await closed;
  });

  it('is the stage that is named when the deadline of the call comes first', async () => {
    const url = await startRaw(() => undefined);
    const request = post('https://hooks.test/', { timeoutMs: 300 });
    expect(await postWebhook(createStrictClient(url), request)).toMatchObject({
      outcome: 'timeout',
      stage: 'proxy',
    });
  });

  it('is named when nobody listens there', async () => {
    expect(await callThrough(await deadOrigin())).toMatchObject({
      outcome: 'network-error',
      errorCode: 'proxy_unreachable',
      errorMessage: 'The egress proxy cannot be reached (ECONNREFUSED).',
      stage: 'proxy',
    });
  });

  it('does not stand in the way of a client that has none', async () => {
    const before = { ...process.env };
    Object.assign(process.env, { HTTP_PROXY: 'http://127.0.0.1:9', http_proxy: 'http://127.0.0.1:9' });
    onTestFinished(() => {
      process.env = before;
    });
    const endpoint = await startHttp((_, response) => response.end());
    const result = await postWebhook(createClient(), post(endpoint, { timeoutMs: PATIENT_MS }));
    expect(result).toMatchObject({ status: 200 });
  });
});
