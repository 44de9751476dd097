import { once } from 'node:events';
import { createServer as createTlsServer } from 'node:https';
import { createServer as createTcpServer } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { request } from 'undici';
import { createAddressPolicy } from '../../../src/outbound/address-policy.ts';
import { postWebhook } from '../../../src/outbound/post-webhook.ts';
import { createSafeAgent, type SafeAgent, type SafeAgentOptions } from '../../../src/outbound/safe-agent.ts';
import { hasOpenssl, selfSigned, type KeyPair } from '../../support/certificates.ts';
import { createClient, deadOrigin, listen, PATIENT_MS, post, startHttp, startRaw } from './local-endpoint.ts';

function createStrictAgent(options: Partial<SafeAgentOptions> = {}): SafeAgent {
  const agent = createSafeAgent({ policy: createAddressPolicy({ allowCidrs: [] }), ...options });
  onTestFinished(() => agent.destroy());
  return agent;
}

function at(host: string, origin: string): string {
  return `http://${host}:${new URL(origin).port}/`;
}

describe('safe agent, over a name', () => {
  it('dials the judged address and keeps the Host header', async () => {
    const hosts: (string | undefined)[] = [];
    const origin = await startHttp((incoming, response) => {
      hosts.push(incoming.headers.host);
      response.end();
    });
    const asked: string[] = [];
    const lookup = async (hostname: string) => {
      asked.push(hostname);
      return ['127.0.0.1'];
    };
    const url = at('hooks.test', origin);
    const result = await postWebhook(createClient({ lookup }), post(url));
    expect(result).toMatchObject({ status: 200 });
    expect(hosts).toEqual([new URL(url).host]);
    expect(asked).toEqual(['hooks.test']);
  });

  it('answers one webhook of a host while 250 calls of another one there hang', async () => {
    let hanging = 0;
    const origin = await startHttp((incoming, response) => {
      if (incoming.url === '/hangs') hanging += 1;
      else response.end();
    });
    const client = createClient();
    const stopped = new AbortController();
    const calls = Array.from({ length: 250 }, async () =>
      postWebhook(client, post(`${origin}/hangs`, { signal: stopped.signal })),
    );
    await vi.waitUntil(() => hanging === 250, { timeout: PATIENT_MS });
    expect(await postWebhook(client, post(`${origin}/answers`))).toMatchObject({ status: 200 });
    stopped.abort();
    await Promise.all(calls);
  });

  it('judges again at every new connection', async () => {
    const origin = await startHttp((_, response) => response.setHeader('connection', 'close').end());
    const answers = [['127.0.0.1'], ['169.254.169.254']];
    const client = createClient({ lookup: async () => answers.shift() ?? [] });
    expect(await postWebhook(client, post(at('rebind.test', origin)))).toMatchObject({ status: 200 });
    expect(await postWebhook(client, post(at('rebind.test', origin)))).toMatchObject({
      outcome: 'refused',
      errorCode: 'address_refused',
    });
  });

  it('tries the next judged address when one does not accept', async () => {
    const origin = await startHttp((_, response) => response.end());
    // The server listens on 127.0.0.1 alone.
    const client = createClient({ lookup: async () => ['127.0.0.9', '127.0.0.1'] });
    expect(await postWebhook(client, post(at('two.test', origin)))).toMatchObject({ status: 200 });
  });

  it('fails when no judged address accepts', async () => {
    const client = createClient({ lookup: async () => ['127.0.0.9', '127.0.0.1'] });
    const result = await postWebhook(client, post(at('two.test', await deadOrigin())));
    expect(result).toMatchObject({
      outcome: 'network-error',
      errorCode: 'connection_refused',
      stage: 'connect',
    });
  });

  it.each([
    ['dns_failed', async () => []],
    ['dns_failed', () => Promise.reject(Object.assign(new Error('s3cret'), { code: 'ENOTFOUND' }))],
    ['dns_failed', () => Promise.reject(new Error('s3cret'))],
    ['address_refused', async () => ['not an address']],
    ['address_refused', async () => ['8.8.8.8', '::ffff:10.0.0.1']],
    ['address_refused', async () => ['fe80::1%lo']],
  ])('fails with %s for what a lookup can give', async (errorCode, lookup) => {
    const result = await postWebhook(createClient({ lookup }), post('http://name.test/'));
    expect(result).toMatchObject({ status: null, errorCode, stage: 'dns' });
    expect(JSON.stringify(result)).not.toContain('s3cret');
  });

  it('gives up a lookup that hangs', async () => {
    const client = createClient({ lookup: () => new Promise(() => undefined), dnsTimeoutMs: 20 });
    const result = await postWebhook(client, post('http://hangs.test/'));
    expect(result).toMatchObject({ outcome: 'timeout', errorCode: 'timeout', stage: 'dns' });
  });

  it('makes one lookup of simultaneous ones of a name', async () => {
    const origin = await startHttp((_, response) => response.end());
    let lookups = 0;
    const lookup = async () => {
      lookups += 1;
      await new Promise((resolve) => setImmediate(resolve));
      return ['127.0.0.1'];
    };
    const client = createClient({ lookup });
    await Promise.all([1, 2, 3].map(() => postWebhook(client, post(at('busy.test', origin)))));
    expect(lookups).toBe(1);
  });

  it('resolves with the system by default', async () => {
    const origin = await startHttp((_, response) => response.end());
    expect(await postWebhook(createClient(), post(at('localhost', origin)))).toMatchObject({ status: 200 });
  });
});

describe('safe agent, over a literal address', () => {
  it.each([
    'http://127.0.0.1',
    'http://127.1',
    'http://[::1]',
    'http://[::ffff:127.0.0.1]',
    'https://10.0.0.1',
  ])('refuses %s although nothing is looked up', async (url) => {
    const lookup = () => Promise.reject(new Error('not to be asked'));
    const refused = request(url, { dispatcher: createStrictAgent({ lookup }) });
    await expect(refused).rejects.toMatchObject({ code: 'address_refused', stage: 'connect' });
  });
});

describe.skipIf(!hasOpenssl)('safe agent, over TLS (needs the openssl command)', () => {
  let pair: KeyPair;

  beforeAll(() => {
    pair = selfSigned('DNS:hooks.test,IP:127.0.0.1');
  });

  async function startTls(servernames: unknown[] = []): Promise<number> {
    const server = createTlsServer(pair, (incoming, response) => {
      servernames.push((incoming.socket as TLSSocket).servername);
      response.end('secure');
    });
    return listen(server);
  }

  const lookup = async () => ['127.0.0.1'];

  it('refuses a certificate nobody vouches for', async () => {
    const port = await startTls();
    const result = await postWebhook(createClient({ lookup }), post(`https://hooks.test:${port}/`));
    expect(result).toEqual({
      outcome: 'network-error',
      status: null,
      errorCode: 'tls_failed',
      errorMessage: 'The TLS handshake failed (DEPTH_ZERO_SELF_SIGNED_CERT).',
      responseHeaders: {},
      responseBody: null,
      responseTruncated: false,
      durationMs: expect.any(Number),
      stage: 'tls',
    });
  });

  it('verifies even when the environment says not to', async () => {
    const port = await startTls();
    const before = process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
    process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0';
    onTestFinished(() => {
      if (before === undefined) delete process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
      else process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = before;
    });
    const result = await postWebhook(createClient({ lookup }), post(`https://hooks.test:${port}/`));
    expect(result).toMatchObject({ errorCode: 'tls_failed' });
  });

  it('names the original host in SNI and checks the certificate against it', async () => {
    const servernames: unknown[] = [];
    const port = await startTls(servernames);
    const client = createClient({ lookup, ca: pair.cert });
    for (const host of ['hooks.test', 'hooks.test.']) {
      const result = await postWebhook(client, post(`https://${host}:${port}/`));
      expect(result).toMatchObject({ status: 200, responseBody: 'secure' });
    }
    expect(servernames).toEqual(['hooks.test', 'hooks.test']);
  });

  it('sends no SNI for a literal address and checks the certificate against it', async () => {
    const servernames: unknown[] = [];
    const port = await startTls(servernames);
    const result = await postWebhook(createClient({ ca: pair.cert }), post(`https://127.0.0.1:${port}/`));
    expect(result).toMatchObject({ status: 200 });
    expect(servernames).toEqual([false]);
  });

  it('refuses a certificate of another name', async () => {
    const port = await startTls();
    const result = await postWebhook(
      createClient({ lookup, ca: pair.cert }),
      post(`https://other.test:${port}/`),
    );
    expect(result).toMatchObject({
      errorCode: 'tls_failed',
      errorMessage: 'The TLS handshake failed (ERR_TLS_CERT_ALTNAME_INVALID).',
    });
  });
});

describe('safe agent, over a TLS handshake that does not come about', () => {
  it('reports a server that speaks plain HTTP', async () => {
    const origin = await startHttp((_, response) => response.end());
    const result = await postWebhook(createClient(), post(origin.replace('http:', 'https:')));
    expect(result).toMatchObject({ outcome: 'network-error', errorCode: 'tls_failed', stage: 'tls' });
  });

  it('gives up a server that accepts and says nothing', async () => {
    const closed: Promise<unknown>[] = [];
    const server = createTcpServer((socket) => closed.push(once(socket.resume(), 'close')));
    const url = `https://127.0.0.1:${await listen(server)}/`;
    const result = await postWebhook(createClient({ connectTimeoutMs: 1000 }), post(url));
    expect(result).toMatchObject({ outcome: 'timeout', errorCode: 'timeout', stage: 'tls' });
    await Promise.all(closed);
  });

  it('names the stage when the deadline of the call comes first', async () => {
    const origin = (await startRaw(() => undefined)).replace('http:', 'https:');
    const result = await postWebhook(createClient(), post(origin, { timeoutMs: 1000 }));
    expect(result).toMatchObject({ outcome: 'timeout', errorCode: 'timeout', stage: 'tls' });
  });
});
