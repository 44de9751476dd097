import { Webhook as StandardWebhook } from 'standardwebhooks';
import { Webhook as SvixWebhook } from 'svix';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Problem } from '../../src/contracts/problem.ts';
import type { Table } from '../../src/contracts/table.ts';
import type { CreatedWebhook, RotatedSecret } from '../../src/contracts/webhook.ts';
import type { Received, Receiver } from '../support/receiver.ts';
import { startReceiver } from '../support/receiver.ts';
import type { Tablehook } from '../support/tablehook.ts';
import { startTablehook } from '../support/tablehook.ts';

const DAY_S = 86_400;

describe('rotating the secret of a webhook', () => {
  let tablehook: Tablehook;
  let receiver: Receiver;
  let table: Table;
  let webhook: CreatedWebhook;
  beforeAll(async () => {
    tablehook = await startTablehook();
  });
  afterAll(async () => tablehook.stop());
  beforeEach(async () => {
    receiver = await startReceiver();
    table = await tablehook.createTable();
    const retry = { initialMs: 3_600_000, jitter: 0 };
    webhook = await tablehook.createWebhook(table.id, { url: receiver.url, retry });
  });
  afterEach(async () => receiver.close());

  const rotate = async (body?: unknown, headers?: Record<string, string>) =>
    tablehook.call<RotatedSecret>('POST', `/v1/webhooks/${webhook.id}/rotate-secret`, body, headers);
  const rotated = async (body?: unknown) => {
    const { status, body: answer } = await rotate(body);
    expect(status).toBe(200);
    return answer;
  };
  const stored = async () => {
    const doc = await tablehook.services.models.webhooks.findOne({ _id: webhook.id }).lean();
    if (!doc) throw new Error('the webhook is gone');
    return doc;
  };
  /** The next call to the endpoint. */
  const fire = async (): Promise<Received> => {
    const { changeId } = await tablehook.createRecord(table.id);
    await tablehook.deliveryOf(changeId, webhook.id);
    const last = receiver.received.at(-1);
    if (!last) throw new Error('nothing was received');
    return last;
  };
  /** Whether a call verifies with a secret, by both libraries. */
  const verifies = ({ body, headers }: Received, secret: string): boolean => {
    const plain = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
    const [standard, svix] = [new StandardWebhook(secret), new SvixWebhook(secret)].map((library) => {
      try {
        library.verify(body, plain);
        return true;
      } catch {
        return false;
      }
    });
    expect(standard, 'the libraries agree').toBe(svix);
    return standard === true;
  };
  const signaturesOf = ({ headers }: Received) => String(headers['webhook-signature']).split(' ');

  it('signs with both secrets during the overlap, of a day unless asked otherwise, newest first', async () => {
    const before = Date.now();
    const { secret, previousValidUntil } = await rotated();
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(secret).not.toBe(webhook.secret);
    const validForMs = Date.parse(previousValidUntil ?? '') - before;
    expect(validForMs).toBeGreaterThanOrEqual(DAY_S * 1_000);
    expect(validForMs).toBeLessThan(DAY_S * 1_000 + 60_000);
    const call = await fire();
    expect([verifies(call, secret), verifies(call, webhook.secret)]).toEqual([true, true]);
    const [newest, older] = signaturesOf(call);
    const only = (signature: string | undefined) => ({
      ...call,
      headers: { ...call.headers, 'webhook-signature': signature ?? '' },
    });
    expect([verifies(only(newest), secret), verifies(only(older), webhook.secret)]).toEqual([true, true]);
    expect(signaturesOf(call)).toHaveLength(2);
  });

  it('signs with the new secret alone once the overlap is over', async () => {
    const { secret } = await rotated({ overlapSeconds: 60 });
    expect(signaturesOf(await fire())).toHaveLength(2);
    const ended = { 'previousSecrets.0.until': new Date(Date.now() - 1) };
    await tablehook.services.models.webhooks.updateOne({ _id: webhook.id }, { $set: ended });
    const call = await fire();
    expect(signaturesOf(call)).toHaveLength(1);
    expect([verifies(call, secret), verifies(call, webhook.secret)]).toEqual([true, false]);
  });

  it('counts from the next attempt of what is under way: same id, same bytes', async () => {
    receiver.answerNext({ status: 503 });
    const { changeId } = await tablehook.createRecord(table.id);
    const { id } = await tablehook.deliveryOf(changeId, webhook.id, 'retrying');
    const { secret } = await rotated();
    expect((await tablehook.call('POST', `/v1/deliveries/${id}/retry`)).status).toBeLessThan(300);
    await tablehook.deliveryOf(changeId, webhook.id);
    const [first, second] = receiver.received;
    if (!first || !second) throw new Error('there were no two attempts');
    expect([signaturesOf(first).length, signaturesOf(second).length]).toEqual([1, 2]);
    expect(second.body).toBe(first.body);
    expect(second.headers['webhook-id']).toBe(first.headers['webhook-id']);
    expect([verifies(second, secret), verifies(second, webhook.secret)]).toEqual([true, true]);
  });

  it('keeps those still valid when rotated again, three older ones at most', async () => {
    const secrets = [webhook.secret];
    for (let count = 0; count < 4; count += 1) secrets.push((await rotated()).secret);
    const call = await fire();
    expect(signaturesOf(call)).toHaveLength(4);
    expect(secrets.map((secret) => verifies(call, secret))).toEqual([false, true, true, true, true]);
  });

  it('ends all older ones at once with an overlap of 0', async () => {
    const second = await rotated();
    const third = await rotated({ overlapSeconds: 0 });
    expect(third.previousValidUntil).toBeNull();
    const call = await fire();
    expect(signaturesOf(call)).toHaveLength(1);
    const all = [webhook.secret, second.secret, third.secret];
    expect(all.map((secret) => verifies(call, secret))).toEqual([false, false, true]);
    expect((await stored()).previousSecrets).toEqual([]);
  });

  it.each([
    ['rotation', async () => rotate({ overlapSeconds: 60 }), 1],
    ['edit', async () => tablehook.call('PATCH', `/v1/webhooks/${webhook.id}`, { description: 'x' }), 0],
  ] as const)('drops what has ended from the document at the next %s', async (_, act, left) => {
    await rotated();
    const ended = { 'previousSecrets.0.until': new Date(Date.now() - 1) };
    await tablehook.services.models.webhooks.updateOne({ _id: webhook.id }, { $set: ended });
    expect((await act()).status).toBe(200);
    const { previousSecrets } = await stored();
    expect(previousSecrets).toHaveLength(left);
    for (const { until } of previousSecrets) expect(until.getTime()).toBeGreaterThan(Date.now());
  });

  it('keeps through an edit what is still valid', async () => {
    await rotated();
    await tablehook.call('PATCH', `/v1/webhooks/${webhook.id}`, { description: 'x' });
    expect(verifies(await fire(), webhook.secret)).toBe(true);
  });

  it('stores every secret sealed, and shows none again', async () => {
    const { secret } = await rotated();
    const { body } = await tablehook.call('GET', `/v1/webhooks/${webhook.id}`);
    for (const text of [JSON.stringify(await stored()), JSON.stringify(body)]) {
      for (const hidden of [secret, webhook.secret]) expect(text).not.toContain(hidden.slice(6));
    }
  });

  it('hands out one secret for one Idempotency-Key, also to two requests at once', async () => {
    const key = { 'idempotency-key': 'rotate-once' };
    const replies = await Promise.all([rotate({}, key), rotate({}, key)]);
    // The later one may be told that the first is still under way.
    const done = replies.filter(({ status }) => status === 200);
    const again = await rotate({}, key);
    expect(new Set([...done, again].map(({ body }) => body.secret)).size).toBe(1);
    expect((await stored()).previousSecrets).toHaveLength(1);
    expect(verifies(await fire(), again.body.secret)).toBe(true);
  });

  it.each([-1, 1.5, 604_801, '60', null])('refuses an overlap of %j seconds', async (overlapSeconds) => {
    const before = await stored();
    const { status, body } = await rotate({ overlapSeconds });
    expect([status, (body as unknown as Problem).errors[0]?.path]).toEqual([400, 'overlapSeconds']);
    expect(await stored()).toEqual(before);
  });
});
