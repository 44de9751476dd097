import { once } from 'node:events';
import { connect } from 'node:net';
import express from 'express';
import { afterEach, describe, expect, it } from 'vitest';
import { openRequest } from '../../../src/api/middleware/open-request.ts';
import { openLoadShedder } from '../../../src/api/middleware/shed-load.ts';
import { stateOf } from '../../../src/api/request-state.ts';
import type { Listening } from '../../../src/listen.ts';
import { listen } from '../../../src/listen.ts';

const LARGE = 100_000;

describe('openLoadShedder', () => {
  let server: Listening;
  afterEach(async () => server.close());

  it('keeps nothing for a caller who left while their key was looked up', async () => {
    const inHand: number[] = [];
    const shedder = openLoadShedder({
      ...{ requests: 1, bytes: 10, answerBytes: LARGE, shareOfKey: 1 },
      onShed: () => undefined,
      onInHand: (count) => inHand.push(count),
    });
    let served = 0;
    let arrived = (): void => undefined;
    const app = express()
      .use(openRequest, shedder.countRequest, (req, res, next) => {
        stateOf(res).actor = { apiKeyId: 'key_1' } as never;
        if (req.url !== '/leaves') return next();
        res.once('close', () => next());
        arrived();
      })
      .use(shedder.countOfKey, shedder.reserveBody(10), (_req, res) => {
        shedder.reserveAnswer(res, { bytes: LARGE, changed: false });
        served += 1;
        res.end('served');
      });
    server = await listen(app, { host: '127.0.0.1', port: 0 });
    const { hostname, port } = new URL(server.url);
    const leaves = new Promise<void>((resolve) => {
      arrived = resolve;
    });
    const socket = connect(Number(port), hostname);
    await once(socket, 'connect');
    socket.write('POST /leaves HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n\r\n');
    await leaves;
    socket.resetAndDestroy();
    await expect.poll(() => served, { timeout: 30_000 }).toBe(1);
    const reply = await fetch(`${server.url}/stays`, { method: 'POST', body: '0123456789' });
    expect([reply.status, await reply.text()]).toEqual([200, 'served']);
    await expect.poll(() => inHand.at(-1), { timeout: 30_000 }).toBe(0);
  });
});
