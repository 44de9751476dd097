import { Webhook as StandardWebhook } from 'standardwebhooks';
import { Webhook as SvixWebhook } from 'svix';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CreatedWebhook } from '../../src/contracts/webhook.ts';
import { generateWebhookSecret } from '../../src/services/webhooks/secrets.ts';
import type { Received, Receiver } from '../support/receiver.ts';
import { startReceiver } from '../support/receiver.ts';
import type { Tablehook } from '../support/tablehook.ts';
import { startTablehook } from '../support/tablehook.ts';

describe('what an endpoint receives', () => {
  let tablehook: Tablehook;
  let receiver: Receiver;
  let webhook: CreatedWebhook;
  let deliveryId: string;
  let attempts: Received[];

  beforeAll(async () => {
    tablehook = await startTablehook();
    receiver = await startReceiver();
    const table = await tablehook.createTable('Tâches 🚢');
    const headers = [
      { name: 'X-Team', value: 'sales' },
      { name: 'Authorization', value: 'Bearer of-theirs', secret: true },
    ];
    const retry = { initialMs: 1_100, jitter: 0 };
    receiver.answerNext({ status: 503 });
    webhook = await tablehook.createWebhook(table.id, {
      url: `${receiver.url}?q=1`,
      method: 'PUT',
      headers,
      retry,
    });
    const { changeId } = await tablehook.createRecord(table.id, { Title: 'Schließen – "jetzt"' });
    deliveryId = (await tablehook.deliveryOf(changeId, webhook.id)).id;
    attempts = receiver.received;
  });
  afterAll(async () => {
    await tablehook.stop();
    await receiver.close();
  });

  /** As a receiver's framework hands headers over. */
  const headersOf = ({ headers }: Received) =>
    Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));

  describe.each([
    ['standardwebhooks', (secret: string) => new StandardWebhook(secret)],
    ['svix', (secret: string) => new SvixWebhook(secret)],
  ])('by the library %s', (_, open) => {
    it('verifies from the raw body and the headers, on every attempt', () => {
      expect(attempts).toHaveLength(2);
      for (const attempt of attempts) {
        expect(open(webhook.secret).verify(attempt.body, headersOf(attempt))).toEqual(attempt.event);
      }
    });

    it('does not verify with a changed byte, another id or time, or another secret', () => {
      const [attempt] = attempts;
      if (!attempt) throw new Error('nothing was received');
      const headers = headersOf(attempt);
      const later = String(Number(headers['webhook-timestamp']) + 1);
      const verify = (body: string, changed = {}) =>
        open(webhook.secret).verify(body, { ...headers, ...changed });
      expect(() => verify(attempt.body)).not.toThrow();
      expect(() => verify(attempt.body.replace('jetzt', 'jetzT'))).toThrow();
      expect(() => verify(`${attempt.body} `)).toThrow();
      expect(() => verify(attempt.body, { 'webhook-id': `${headers['webhook-id']}x` })).toThrow();
      expect(() => verify(attempt.body, { 'webhook-timestamp': later })).toThrow();
      const other = generateWebhookSecret();
      expect(() => open(other).verify(attempt.body, headers)).toThrow();
    });
  });

  it('carries every documented header, and its own of the webhook', () => {
    for (const [index, { headers, path }] of attempts.entries()) {
      expect(path).toBe('/hook?q=1');
      expect(headers).toMatchObject({
        'content-type': 'application/json',
        'webhook-id': deliveryId,
        'webhook-timestamp': expect.stringMatching(/^\d{10}$/),
        'webhook-signature': expect.stringMatching(/^v1,[A-Za-z0-9+/]{43}=$/),
        'tablehook-event': 'record.created',
        'tablehook-attempt': String(index + 1),
        'tablehook-hops': '1',
        traceparent: expect.stringMatching(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/),
        'user-agent': expect.stringMatching(/^Tablehook\/\S+$/),
        'x-team': 'sales',
        authorization: 'Bearer of-theirs',
      });
      expect(headers).not.toHaveProperty('tablehook-replay');
    }
  });

  it('has the time of its own attempt, and keeps trace, id and bytes from one attempt to the next', () => {
    const [first, second] = attempts;
    const secondsOf = (attempt: Received | undefined) => Number(attempt?.headers['webhook-timestamp']);
    expect(secondsOf(second)).toBeGreaterThan(secondsOf(first));
    const traceOf = (attempt: Received | undefined) => String(attempt?.headers['traceparent']).split('-');
    expect(traceOf(second)[1]).toBe(traceOf(first)[1]);
    expect(traceOf(second)[2]).not.toBe(traceOf(first)[2]);
    expect(second?.body).toBe(first?.body);
  });
});
