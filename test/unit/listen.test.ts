import { EventEmitter, once } from 'node:events';
import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import type { RequestHandler } from 'express';
import express from 'express';
import { describe, expect, it } from 'vitest';
import { listen } from '../../src/listen.ts';

describe('listen', () => {
  it('closes once a request in flight is answered, though its client keeps asking on that connection', async () => {
    const { handle, asked, answer } = holdFirstRequest();
    const server = await serve(handle);
    const client = keepAsking(server.url);
    await asked;
    const closed = server.close();
    answer();
    await closed;
    const statuses = await client;
    expect(statuses.length).toBeGreaterThan(0);
    expect(new Set(statuses)).toEqual(new Set([200]));
  });

  it('cuts off what is unfinished at the end of the drain time', async () => {
    const server = await serve(() => undefined, 50);
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
    await once(socket, 'connect');
    socket.write('GET / HTTP/1.1\r\nhost: unfinished');
    const ended = once(socket, 'close');
    await server.close();
    await ended;
  });

  it('begins on a request when the one before it on its connection is answered', async () => {
    let inHand = 0;
    const seen: number[] = [];
    const server = await serve(async (_req, res) => {
      seen.push((inHand += 1));
      await new Promise(setImmediate);
      inHand -= 1;
      res.json(seen.length);
    });
    const answer = await exchange(server.url, `${GET.repeat(19)}${LAST_GET}`);
    await server.close();
    expect(seen).toEqual(Array(20).fill(1));
    expect(answer.split('\r\n\r\n').slice(1).map(Number.parseFloat)).toEqual(
      seen.map((_, index) => index + 1),
    );
  });

  it('cuts a connection that sends many requests without waiting for answers, and forgets them', async () => {
    let begun = 0;
    let ended = 0;
    const server = await serve((_req, res) => {
      begun += 1;
      res.once('close', () => (ended += 1));
    });
    expect(await exchange(server.url, GET.repeat(1_000))).toBe('');
    await server.close();
    expect({ begun, ended }).toEqual({ begun: 1, ended: 1 });
  });

  it('does not begin on what comes behind an answer that ends the connection', async () => {
    let begun = 0;
    const server = await serve((_req, res) => {
      begun += 1;
      setImmediate(() => res.set('connection', 'close').send('the last'));
    });
    expect(await exchange(server.url, GET.repeat(3))).toMatch(/the last$/);
    await server.close();
    expect(begun).toBe(1);
  });

  describe('with clients that take their time', () => {
    const patience = { headersMs: 100, requestMs: 300, idleMs: 400 };
    const app = express()
      .use(express.json())
      .post('/', (req, res) => void res.json(req.body))
      .get('/large', (_req, res) => void res.send('x'.repeat(64 * 1024 * 1024)));
    const start = () => listen(app, { host: '127.0.0.1', port: 0, patience });

    it.each([
      ['headers that never end', 'POST / HTTP/1.1\r\nhost: x\r\nx-a:', 408],
      ['a body that never comes', `${POST}content-length: 10\r\n\r\n`, 408],
      ['chunks that never end', `${POST}transfer-encoding: chunked\r\n\r\n2\r\n{}\r\n`, 408],
      ['headers of more than 16 KiB', `GET / HTTP/1.1\r\nhost: x\r\nx-a: ${'a'.repeat(20_000)}\r\n\r\n`, 431],
      ['an address of more than 16 KiB', `GET /?${'a'.repeat(20_000)} HTTP/1.1\r\nhost: x\r\n\r\n`, 431],
      ['something that is not HTTP', 'EHLO mail.example\r\n\r\n', 400],
      ['two lengths', `${POST}content-length: 2\r\ntransfer-encoding: chunked\r\n\r\n`, 400],
      ['a NUL in a header', 'GET / HTTP/1.1\r\nhost: x\r\nx-a: a\0b\r\n\r\n', 400],
    ])('answers %s with a problem document, and cuts the connection', async (_what, sent, status) => {
      const server = await start();
      const answer = await exchange(server.url, sent);
      await server.close();
      const [head = '', body = ''] = answer.split('\r\n\r\n');
      expect(head).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
      expect(head).toContain('content-type: application/problem+json');
      expect(JSON.parse(body)).toMatchObject({ status, code: 'invalid_request', detail: expect.any(String) });
    });

    it('lets go of a client that does not read its answer', async () => {
      const server = await start();
      const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
      await once(socket, 'connect');
      socket.write('GET /large HTTP/1.1\r\nhost: x\r\n\r\n');
      await once(socket, 'readable');
      // Resolves only when the server gives up: an answer that nobody reads is never finished.
      await server.close();
      socket.destroy();
    });
  });
});

const GET = 'GET / HTTP/1.1\r\nhost: x\r\n\r\n';
const LAST_GET = 'GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n';
const POST = 'POST / HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n';

/** Sends bytes and answers all that comes back, once the server has closed the connection. */
async function exchange(url: string, sent: string): Promise<string> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  let answer = '';
  socket.setEncoding('utf8').on('data', (chunk: string) => (answer += chunk));
  socket.on('error', () => undefined);
  socket.write(sent);
  await once(socket, 'close');
  return answer;
}

async function serve(handle: RequestHandler, drainMs?: number) {
  const options = { host: '127.0.0.1', port: 0, ...(drainMs !== undefined && { drainMs }) };
  return listen(express().get('/', handle), options);
}

/** A handler that answers at once, except that the first answer waits for `answer`. */
function holdFirstRequest() {
  const gate = new EventEmitter();
  const asked = once(gate, 'asked');
  const answered = once(gate, 'answered');
  const handle: RequestHandler = async (_req, res) => {
    gate.emit('asked');
    await answered;
    res.json({});
  };
  return { handle, asked, answer: () => gate.emit('answered') };
}

/** Asks again as soon as it was answered, over one connection, until that is refused; resolves with the statuses. */
async function keepAsking(url: string): Promise<(number | undefined)[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const statuses: (number | undefined)[] = [];
  const ask = async (): Promise<void> =>
    new Promise((resolve, reject) => {
      request(url, { agent }, (response) => {
        statuses.push(response.statusCode);
        response.resume().once('end', resolve);
      })
        .once('error', reject)
        .end();
    });
  try {
    for (;;) await ask();
  } catch {
    return statuses;
  } finally {
    agent.destroy();
  }
}
