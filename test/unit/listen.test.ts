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
});

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
