import { connect, type Socket } from 'node:net';
import { once } from 'node:events';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Page } from '../../../src/contracts/page.ts';
import type { Problem } from '../../../src/contracts/problem.ts';
import type { TableRecord } from '../../../src/contracts/record.ts';
import type { CreatedWebhook } from '../../../src/contracts/webhook.ts';
import type { Receiver } from '../../support/receiver.ts';
import { startReceiver } from '../../support/receiver.ts';
import type { Tablehook } from '../../support/tablehook.ts';
import { startTablehook } from '../../support/tablehook.ts';
import { until } from '../../support/until.ts';

const PLACES = 4;
const BYTES = 100_000;
const REQUEST_TIMEOUT_MS = 8_000;

describe('an API with as much in hand as it may have', () => {
  let tablehook: Tablehook;
  let receiver: Receiver;
  let tableId: string;
  let webhook: CreatedWebhook;
  let sockets: Socket[];

  beforeAll(async () => {
    tablehook = await startTablehook({
      limits: { requestsInHand: PLACES, bytesInHand: BYTES, shareOfKey: 1 },
      requestTimeoutMs: REQUEST_TIMEOUT_MS,
    });
  });
  afterAll(async () => tablehook.stop());
  beforeEach(async () => {
    sockets = [];
    receiver = await startReceiver();
    tableId = (await tablehook.createTable()).id;
    webhook = await tablehook.createWebhook(tableId, { url: receiver.url });
  });
  afterEach(async () => {
    for (const socket of sockets) socket.destroy();
    await untilIdle();
    await receiver.close();
  });

  const BODY = JSON.stringify({ values: { Title: 'Ship' } });
  const gauge = async (name: string) => {
    const text = await (await fetch(`${tablehook.url}/metrics`)).text();
    return Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(text)?.[1]);
  };
  const untilInHand = async (count: number) =>
    until(async () => (await gauge('tablehook_requests_in_hand')) === count, { what: `${count} in hand` });
  const untilIdle = async () => untilInHand(0);
  /** Begins a write whose body does not end, on a connection that is kept alive. */
  const begin = async (length = BODY.length) => {
    const { hostname, port } = new URL(tablehook.url);
    const socket = connect(Number(port), hostname);
    sockets.push(socket);
    await once(socket, 'connect');
    socket.write(
      [
        `POST /v1/tables/${tableId}/records HTTP/1.1`,
        `host: ${hostname}`,
        `authorization: Bearer ${tablehook.apiKey}`,
        'content-type: application/json',
        `content-length: ${length}`,
        '',
        BODY.slice(0, 5),
      ].join('\r\n'),
    );
    return socket;
  };
  const answerOf = async (socket: Socket) => String((await once(socket, 'data'))[0]);
  const write = async () =>
    tablehook.call<Problem>('POST', `/v1/tables/${tableId}/records`, { values: { Title: 'One too many' } });

  it('turns a write away with 503 and Retry-After, changes nothing, and goes on answering probes', async () => {
    const shedBefore = await gauge('tablehook_requests_shed_total');
    const begun = await Promise.all(Array.from({ length: PLACES }, async () => begin()));
    await untilInHand(PLACES);
    const { status, headers, body } = await write();
    expect({ status, retryAfter: headers.get('retry-after') }).toEqual({ status: 503, retryAfter: '1' });
    expect(body).toMatchObject({
      code: 'overloaded',
      detail: expect.stringContaining('Nothing was changed'),
    });
    expect((await fetch(`${tablehook.url}/livez`)).status).toBe(200);
    expect((await fetch(`${tablehook.url}/readyz`)).status).toBe(200);
    expect(await gauge('tablehook_requests_shed_total')).toBe(shedBefore + 1);

    // Those it took are answered, and what they wrote is delivered.
    const answers = begun.map(async (socket) => answerOf(socket));
    for (const socket of begun) socket.write(BODY.slice(5));
    for (const answer of await Promise.all(answers)) expect(answer).toMatch(/^HTTP\/1.1 201 /);
    await untilIdle();
    const { body: page } = await tablehook.call<Page<TableRecord>>('GET', `/v1/tables/${tableId}/records`);
    expect(page.data.map(({ values }) => values['Title'])).toEqual(Array(PLACES).fill('Ship'));
    await until(
      async () =>
        (await tablehook.listDeliveries(`webhookId=${webhook.id}&state=delivered`)).length === PLACES,
    );
  });

  it('keeps the connection of a request that it turned away', async () => {
    await Promise.all(Array.from({ length: PLACES }, async () => begin()));
    await untilInHand(PLACES);
    const refused = await begin();
    expect(await answerOf(refused)).toMatch(/^HTTP\/1.1 503 [^]*retry-after: 1\r\n/i);
    for (const socket of sockets) if (socket !== refused) socket.destroy();
    await untilIdle();
    // The rest of the body it turned away, and the next request behind it.
    refused.write(BODY.slice(5));
    refused.write(
      `GET /v1/tables/${tableId} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${tablehook.apiKey}\r\n\r\n`,
    );
    expect(await answerOf(refused)).toMatch(/^HTTP\/1.1 200 /);
  });

  it('gives the place of a connection that breaks to the next one', async () => {
    await Promise.all(Array.from({ length: PLACES }, async () => begin()));
    await untilInHand(PLACES);
    sockets[0]?.destroy();
    await untilInHand(PLACES - 1);
    expect((await write()).status).toBe(201);
  });

  it('takes back the places of requests sent behind one another, on a connection that breaks before their answers', async () => {
    const { hostname, port } = new URL(tablehook.url);
    const shedBefore = await gauge('tablehook_requests_shed_total');
    for (let round = 0; round < PLACES; round += 1) {
      const socket = connect(Number(port), hostname);
      sockets.push(socket);
      socket.write('GET /v1/tables HTTP/1.1\r\nhost: x\r\n\r\n'.repeat(PLACES));
      await once(socket, 'connect');
      socket.resetAndDestroy();
    }
    await untilIdle();
    expect((await write()).status).toBe(201);
    // One client's haste is not load: they were looked at one by one.
    expect(await gauge('tablehook_requests_shed_total')).toBe(shedBefore);
  });

  it('takes back the place of a body that does not end', async () => {
    const begun = await Promise.all(Array.from({ length: PLACES }, async () => begin()));
    const answers = begun.map(async (socket) => answerOf(socket));
    await untilInHand(PLACES);
    await untilIdle();
    for (const answer of await Promise.all(answers)) expect(answer).toMatch(/^HTTP\/1.1 408 /);
    expect((await write()).status).toBe(201);
  });

  it('reserves no room for the body of a caller without a key', async () => {
    const { hostname, port } = new URL(tablehook.url);
    const socket = connect(Number(port), hostname);
    sockets.push(socket);
    socket.write(
      `POST /v1/tables/${tableId}/records HTTP/1.1\r\nhost: x\r\ncontent-length: ${BYTES * 2}\r\n\r\n`,
    );
    expect(await answerOf(socket)).toMatch(/^HTTP\/1.1 401 /);
    await untilIdle();
    expect((await write()).status).toBe(201);
  });

  it('counts the bytes of bodies too, those of an unknown length as the most they may be', async () => {
    await begin(BYTES - 10);
    await untilInHand(1);
    expect((await write()).status).toBe(503);
    expect((await tablehook.call('GET', `/v1/tables/${tableId}`)).status).toBe(200);
    sockets[0]?.destroy();
    await untilIdle();
    const chunked = await fetch(`${tablehook.url}/v1/tables/${tableId}/records`, {
      method: 'POST',
      headers: { authorization: `Bearer ${tablehook.apiKey}`, 'content-type': 'application/json' },
      body: new Blob([BODY]).stream(),
      duplex: 'half',
    } as RequestInit);
    expect(chunked.status).toBe(503);
  });
});

describe('an API key with its share in hand', () => {
  it('leaves places, and room for bodies, to the other keys', async () => {
    const tablehook = await startTablehook({
      limits: { requestsInHand: PLACES, bytesInHand: BYTES, shareOfKey: 0.5 },
      requestTimeoutMs: REQUEST_TIMEOUT_MS,
    });
    const sockets: Socket[] = [];
    try {
      const { id: tableId } = await tablehook.createTable();
      const path = `/v1/tables/${tableId}/records`;
      const scopes = ['records:write'];
      const { body: other } = await tablehook.call<{ key: string }>('POST', '/v1/api-keys', {
        name: 'other',
        scopes,
      });
      const writeAs = async (key: string, title: string) => {
        const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
        const body = JSON.stringify({ values: { Title: title } });
        return (await fetch(`${tablehook.url}${path}`, { method: 'POST', headers, body })).status;
      };
      const inHand = async (count: number) => {
        const text = await (await fetch(`${tablehook.url}/metrics`)).text();
        return text.includes(`\ntablehook_requests_in_hand ${count}\n`);
      };
      const begin = (length: number) => {
        const socket = connect(Number(new URL(tablehook.url).port), '127.0.0.1');
        sockets.push(socket);
        socket.write(
          `POST ${path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${tablehook.apiKey}\r\ncontent-type: application/json\r\ncontent-length: ${length}\r\n\r\n`,
        );
      };

      begin(100);
      begin(100);
      await until(async () => inHand(2));
      expect(await writeAs(tablehook.apiKey, 'Mine')).toBe(503);
      expect(await writeAs(other.key, 'Yours')).toBe(201);

      for (const socket of sockets) socket.destroy();
      await until(async () => inHand(0));
      begin(BYTES / 2 - 10);
      await until(async () => inHand(1));
      expect(await writeAs(tablehook.apiKey, 'Mine, too long')).toBe(503);
      expect(await writeAs(other.key, 'Yours, too long')).toBe(201);

      for (const socket of sockets) socket.destroy();
      await until(async () => inHand(0));
      expect(await writeAs(tablehook.apiKey, 'Mine')).toBe(201);
    } finally {
      for (const socket of sockets) socket.destroy();
      await tablehook.stop();
    }
  });
});

describe('an API with large answers that nobody reads', () => {
  it('refuses one more, until one is out, and gives small ones all the while', async () => {
    const tablehook = await startTablehook({
      limits: { answerBytesInHand: 8 * 1024 * 1024, shareOfKey: 1 },
    });
    const socket = connect(Number(new URL(tablehook.url).port), '127.0.0.1');
    try {
      const { id: tableId } = await tablehook.createTable();
      const path = `/v1/tables/${tableId}/records`;
      const values = { Title: 'x'.repeat(200_000) };
      const operations = Array.from({ length: 100 }, () => ({ op: 'create', values }));
      expect((await tablehook.call('POST', `${path}/batch`, { operations })).status).toBe(200);
      const list = async (limit: number) => tablehook.call<Problem>('GET', `${path}?limit=${limit}`);

      socket.pause();
      // The sockets of both ends may take in the first answers whole.
      const request = `GET ${path}?limit=200 HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${tablehook.apiKey}\r\n\r\n`;
      socket.write(request.repeat(8));
      await until(async () => (await list(200)).status === 503);
      expect((await list(1)).status).toBe(503);
      expect((await tablehook.call('GET', '/v1/tables')).status).toBe(200);
      expect((await tablehook.call('POST', path, { values })).status).toBe(201);

      socket.destroy();
      await until(async () => (await list(200)).status === 200);
    } finally {
      socket.destroy();
      await tablehook.stop();
    }
  });
});
