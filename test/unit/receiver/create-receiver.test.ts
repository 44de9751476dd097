import type { RequestListener } from 'node:http';
import { createServer } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import express from 'express';
import { afterEach, describe, expect, it } from 'vitest';
import { generateWebhookSecret } from '../../../src/services/webhooks/secrets.ts';
import type { ReceiverOptions } from '../../../src/receiver/create-receiver.ts';
import { createReceiver } from '../../../src/receiver/create-receiver.ts';
import type { RecordValues } from '../../../src/receiver/event.ts';
import { ReceiverError } from '../../../src/receiver/receiver-error.ts';
import { createMemoryStore } from '../../../src/receiver/seen-store.ts';
import { newEventBody, signedHeaders } from '../../support/signed-event.ts';

const secret = generateWebhookSecret();
const BODY = JSON.stringify(newEventBody());

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

interface Started {
  url: string;
  errors: unknown[];
  /** Sends a delivery; answers status and text. */
  send: (options?: { deliveryId?: string; body?: string; secret?: string }) => Promise<string>;
}

async function start(options: Partial<ReceiverOptions<RecordValues, 'full'>> = {}): Promise<Started> {
  const errors: unknown[] = [];
  const onError = (error: unknown) => void errors.push(error);
  const url = await serve(createReceiver({ secrets: secret, onEvent: () => undefined, onError, ...options }));
  return {
    url,
    errors,
    send: async ({ deliveryId = 'dlv_1', body = BODY, secret: by = secret } = {}) => {
      const headers = signedHeaders({ secrets: [by], body, deliveryId });
      const response = await fetch(url, { method: 'POST', headers, body });
      return `${response.status} ${(await response.text()).trim()}`;
    },
  };
}

describe('createReceiver', () => {
  it('hands over the event and the delivery, and answers 200', async () => {
    const taken: unknown[] = [];
    const { send, errors } = await start({ onEvent: (...given) => void taken.push(given) });
    expect(await send()).toBe('200 handled');
    expect(taken).toEqual([
      [newEventBody(), expect.objectContaining({ deliveryId: 'dlv_1', attempt: 3, hops: 1, replay: false })],
    ]);
    expect(errors).toEqual([]);
  });

  it('answers when the handler is done, not before', async () => {
    const order: string[] = [];
    const { send } = await start({
      onEvent: async () => {
        await new Promise((resolve) => setImmediate(resolve));
        order.push('handled');
      },
    });
    await send().then(() => order.push('answered'));
    expect(order).toEqual(['handled', 'answered']);
  });

  it('hands a delivery over once, and other deliveries too', async () => {
    const ids: string[] = [];
    const { send } = await start({ onEvent: (_, { deliveryId }) => void ids.push(deliveryId) });
    expect(await send()).toBe('200 handled');
    expect(await send()).toBe('200 handled before');
    expect(await send({ deliveryId: 'dlv_2' })).toBe('200 handled');
    expect(ids).toEqual(['dlv_1', 'dlv_2']);
  });

  it('answers 500 when the handler throws, tells why to onError only, and takes it the next time', async () => {
    let failures = 1;
    const { send, errors } = await start({
      onEvent: async () => {
        failures -= 1;
        if (failures >= 0) throw new Error('the database of s3cret is away');
      },
    });
    expect(await send()).toBe('500 The handler failed.');
    expect(errors).toEqual([expect.objectContaining({ message: 'the database of s3cret is away' })]);
    expect(await send()).toBe('200 handled');
    expect(await send()).toBe('200 handled before');
  });

  it('lets repeats that come at the same time share one call, and its outcome', async () => {
    const calls: ((outcome: 'well' | 'badly') => void)[] = [];
    const lookups: string[] = [];
    const store = createMemoryStore();
    const { send } = await start({
      onEvent: async () =>
        new Promise<void>((resolve, reject) => {
          calls.push((outcome) => (outcome === 'well' ? resolve() : reject(new Error('badly'))));
        }),
      seen: {
        has: (id) => {
          lookups.push(id);
          return store.has(id);
        },
        add: store.add,
      },
    });
    const once = async (outcome: 'well' | 'badly') => {
      const both = [send(), send()];
      const stranger = send({ deliveryId: `dlv_${outcome}` });
      await expect.poll(() => calls.length).toBe(2);
      for (const end of calls.splice(0)) end(outcome);
      await stranger;
      return Promise.all(both);
    };
    expect(await once('badly')).toEqual(['500 The handler failed.', '500 The handler failed.']);
    expect(await once('well')).toEqual(['200 handled', expect.stringMatching(/^200 handled/)]);
    expect(await send()).toBe('200 handled before');
    expect(lookups.length).toBeGreaterThan(3);
  });

  it('hands over what its store has forgotten, and everything when there is none', async () => {
    let handled = 0;
    const onEvent = () => void (handled += 1);
    const small = await start({ onEvent, seen: createMemoryStore({ size: 1 }) });
    for (const deliveryId of ['dlv_1', 'dlv_2', 'dlv_1']) await small.send({ deliveryId });
    expect(handled).toBe(3);
    const none = await start({ onEvent, seen: null });
    await none.send();
    await none.send();
    expect(handled).toBe(5);
  });

  it('answers 500 when its store fails, before or after the handler', async () => {
    const fail = async () => {
      throw new Error('no store');
    };
    let handled = 0;
    const onEvent = () => void (handled += 1);
    const before = await start({ onEvent, seen: { has: fail, add: () => undefined } });
    expect(await before.send()).toBe('500 The handler failed.');
    expect(handled).toBe(0);
    const after = await start({ onEvent, seen: { has: () => false, add: fail } });
    expect(await after.send()).toBe('500 The handler failed.');
    expect(handled).toBe(1);
  });

  it('answers 401 to what is signed by somebody else, and hands nothing over', async () => {
    const { send, errors } = await start({
      onEvent: () => {
        throw new Error('handed over');
      },
    });
    expect(await send({ secret: generateWebhookSecret() })).toMatch(/^401 No signature/);
    expect(errors).toEqual([expect.objectContaining({ code: 'bad-signature' })]);
  });

  it('does not take a repeat that is forged for the one that is under way', async () => {
    let end = () => undefined as void;
    const { send } = await start({ onEvent: async () => new Promise<void>((resolve) => (end = resolve)) });
    const genuine = send();
    expect(await send({ secret: generateWebhookSecret() })).toMatch(/^401/);
    end();
    expect(await genuine).toBe('200 handled');
  });

  it.each(['gone', 'rejected'])(
    'lets a handler reject for good, and never by a status of its own: %s',
    async (how) => {
      const { send } = await start({
        onEvent: () => {
          if (how === 'rejected') throw new ReceiverError('rejected', 'This table is not taken.');
          throw Object.assign(new Error('gone'), { status: 410, statusCode: 410, code: 'bad-signature' });
        },
      });
      expect(await send()).toBe(
        how === 'rejected' ? '422 This table is not taken.' : '500 The handler failed.',
      );
    },
  );

  it('answers 500 when the handler itself verified something in vain', async () => {
    const { send } = await start({
      onEvent: () => {
        throw new ReceiverError('bad-signature', 'Of another system.');
      },
    });
    expect(await send()).toBe('500 The handler failed.');
  });

  it('answers 405 to other methods and says which it takes', async () => {
    const { url } = await start();
    const response = await fetch(url);
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST, PUT, PATCH']);
  });

  it('answers 413 to a body over the bound, announced or not, without reading it to its end', async () => {
    const { url, errors } = await start({ maxBodyBytes: 1_000 });
    const announced = await speak(url, `content-length: 9000000\r\n\r\n`);
    const streamed = await speak(url, `transfer-encoding: chunked\r\n\r\n7d0\r\n${'x'.repeat(2_000)}\r\n`);
    for (const answer of [announced, streamed]) expect(answer).toMatch(/^HTTP\/1.1 413 /);
    expect(errors).toHaveLength(2);
  });

  it('takes a body at its default bound of 4 MiB and none above', async () => {
    const { send } = await start();
    const padded = (bytes: number) => {
      const filled = JSON.stringify({ ...newEventBody(), padding: '' });
      return JSON.stringify({ ...newEventBody(), padding: 'x'.repeat(bytes - filled.length) });
    };
    expect(await send({ body: padded(4 * 1024 * 1024) })).toBe('200 handled');
    const over = send({ deliveryId: 'dlv_2', body: padded(4 * 1024 * 1024 + 1) });
    expect(await over.catch(() => 'cut off')).toMatch(/^413|cut off/);
  });

  it('is not made without a usable secret', () => {
    expect(() => createReceiver({ secrets: 'secret', onEvent: () => undefined })).toThrow(TypeError);
  });

  it.each([
    ['no parser', [], '200 handled'],
    ['express.raw()', [express.raw({ type: '*/*' })], '200 handled'],
    ['express.json()', [express.json()], '500 The body was read before'],
  ])('answers in Express, behind %s', async (_, parsers, answer) => {
    const app = express();
    app.post(
      '/',
      ...parsers,
      createReceiver({ secrets: secret, onEvent: () => undefined, onError: () => undefined }),
    );
    const url = await serve(app);
    const headers = signedHeaders({ secrets: [secret], body: BODY });
    const response = await fetch(url, { method: 'POST', headers, body: BODY });
    expect(`${response.status} ${await response.text()}`).toContain(answer);
  });
});

/** Sends the head of a request and what is given of its body, and answers what comes back. */
async function speak(url: string, rest: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    let heard = '';
    socket.on('data', (chunk: Buffer) => (heard += chunk.toString()));
    socket.once('close', () => resolve(heard));
    socket.once('error', reject);
    socket.write(`POST / HTTP/1.1\r\nhost: localhost\r\n${rest}`);
  });
}
