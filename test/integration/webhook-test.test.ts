import { Webhook as StandardWebhook } from 'standardwebhooks';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Problem } from '../../src/contracts/problem.ts';
import type { Table } from '../../src/contracts/table.ts';
import type { CreatedWebhook, RotatedSecret } from '../../src/contracts/webhook.ts';
import { WebhookTest } from '../../src/contracts/webhook-test.ts';
import { newId } from '../../src/services/id.ts';
import { sealUrl } from '../../src/services/webhooks/secrets.ts';
import { freePorts } from '../../src/embedded/free-ports.ts';
import type { Received, Receiver } from '../support/receiver.ts';
import { hang, startReceiver } from '../support/receiver.ts';
import type { Tablehook } from '../support/tablehook.ts';
import { startTablehook } from '../support/tablehook.ts';
import { viewTemporal } from '../support/temporal.ts';

describe('the test of a webhook', () => {
  let tablehook: Tablehook;
  let receiver: Receiver;
  let table: Table;
  beforeAll(async () => {
    tablehook = await startTablehook();
  });
  afterAll(async () => tablehook.stop());
  beforeEach(async () => {
    receiver = await startReceiver();
    table = await tablehook.createTable();
  });
  afterEach(async () => receiver.close());

  const register = async (input: Record<string, unknown> = {}): Promise<CreatedWebhook> =>
    tablehook.createWebhook(table.id, { url: receiver.url, ...input });
  const call = async <T = WebhookTest>({ id }: { id: string }, body?: unknown) =>
    tablehook.call<T>('POST', `/v1/webhooks/${id}/test`, body);
  /** The answer, which is as documented. */
  const tested = async (webhook: { id: string }, body?: unknown): Promise<WebhookTest> => {
    const reply = await call(webhook, body);
    expect(reply.status, JSON.stringify(reply.body)).toBe(200);
    return WebhookTest.parse(reply.body);
  };
  const received = (): Received => {
    const last = receiver.received.at(-1);
    if (!last) throw new Error('nothing was received');
    return last;
  };
  const plain = ({ headers }: Received) =>
    Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
  const storedOf = async ({ id }: { id: string }) =>
    tablehook.services.models.webhooks.findOne({ _id: id }).lean();

  describe('shows', () => {
    it('the exact request and the response', async () => {
      const webhook = await register({
        url: `${receiver.url}?key=S3CRET`,
        method: 'PUT',
        headers: [{ name: 'X-Team', value: 'sales' }],
      });
      receiver.answerNext({ status: 201, headers: { 'x-answer': 'yes' }, body: 'thanks' });
      const { request, response, ...rest } = await tested(webhook);
      const { headers, body, path } = received();
      expect(path).toBe('/hook?key=S3CRET');
      expect(request).toMatchObject({ method: 'PUT', url: webhook.url, body });
      const { host, connection, 'content-length': _, ...sent } = headers;
      expect(host).toBe(new URL(webhook.url).host);
      expect(connection).toBeDefined();
      expect(request.headers).toEqual(sent);
      expect(response).toMatchObject({ status: 201, body: 'thanks' });
      expect(response?.headers).toMatchObject({ 'x-answer': 'yes' });
      expect(rest).toEqual({
        outcome: 'delivered',
        errorCode: null,
        errorMessage: null,
        durationMs: expect.any(Number),
      });
    });

    it('what an attempt would have sent: its headers, signed, under an id of its own, marked as a test', async () => {
      const webhook = await register();
      const { request } = await tested(webhook);
      expect(received().headers).toMatchObject({
        'content-type': 'application/json',
        'webhook-id': expect.stringMatching(/^tst_/),
        'webhook-timestamp': expect.stringMatching(/^\d{10}$/),
        'tablehook-event': 'record.created',
        'tablehook-attempt': '1',
        'tablehook-hops': '1',
        'tablehook-test': 'true',
        traceparent: expect.stringMatching(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/),
        'user-agent': expect.stringMatching(/^Tablehook\/\S+$/),
      });
      const verified = new StandardWebhook(webhook.secret).verify(request.body, plain(received()));
      expect(verified).toMatchObject({ type: 'record.created', webhook: { id: webhook.id, name: 'CRM' } });
    });

    it('the values of secret headers as null, and sends them', async () => {
      const webhook = await register({
        headers: [
          { name: 'Authorization', value: 'Bearer S3CRET', secret: true },
          { name: 'X-Team', value: 'sales' },
        ],
      });
      const answer = await tested(webhook);
      expect(answer.request.headers).toMatchObject({ authorization: null, 'x-team': 'sales' });
      expect(JSON.stringify(answer)).not.toContain('S3CRET');
      expect(received().headers).toMatchObject({ authorization: 'Bearer S3CRET' });
    });

    it('both signatures while a secret is being rotated', async () => {
      const webhook = await register();
      const path = `/v1/webhooks/${webhook.id}/rotate-secret`;
      const { body } = await tablehook.call<RotatedSecret>('POST', path);
      const { request } = await tested(webhook);
      expect(request.headers['webhook-signature']?.split(' ')).toHaveLength(2);
      for (const secret of [body.secret, webhook.secret]) {
        expect(() => new StandardWebhook(secret).verify(request.body, plain(received()))).not.toThrow();
      }
    });

    it.each([301, 404, 410, 500])('an answer of %i as one', async (status) => {
      receiver.answerAlways({ status, body: 'no' });
      const answer = await tested(await register());
      expect(answer).toMatchObject({
        response: { status, body: 'no' },
        outcome: 'http-error',
        errorCode: null,
      });
      expect(receiver.received).toHaveLength(1);
    });

    it('an endpoint that hangs, after the timeout of the webhook', async () => {
      receiver.answerAlways(hang);
      const answer = await tested(await register({ retry: { timeoutMs: 300 } }));
      expect(answer).toMatchObject({ response: null, outcome: 'timeout', errorCode: 'timeout' });
      expect(answer.errorMessage).toContain('300 ms');
      // A timer may be a tick early.
      expect(answer.durationMs).toBeGreaterThan(290);
      expect(receiver.received).toHaveLength(1);
    });

    it('that nobody listens', async () => {
      const [port] = await freePorts(1);
      const answer = await tested(await register({ url: `http://127.0.0.1:${port}/` }));
      expect(answer).toMatchObject({
        response: null,
        outcome: 'network-error',
        errorCode: 'connection_refused',
      });
    });

    it('that an address is refused: a test passes the same guard', async () => {
      const webhook = await register();
      const { models, secretBox } = tablehook.services;
      const url = sealUrl(secretBox, webhook.id, 'http://169.254.169.254/latest');
      await models.webhooks.updateOne({ _id: webhook.id }, { $set: { url } });
      const answer = await tested(webhook);
      expect(answer).toMatchObject({ response: null, outcome: 'refused', errorCode: 'address_refused' });
      expect(receiver.received).toEqual([]);
    });

    it('the first 16 KiB of a large answer', async () => {
      receiver.answerAlways({
        status: 200,
        headers: { 'content-type': 'text/plain' },
        body: 'x'.repeat(100_000),
      });
      const { response, outcome } = await tested(await register());
      expect([response?.body?.length, outcome]).toEqual([16_384, 'delivered']);
    });
  });

  describe('tells', () => {
    const created = async (values = { Title: 'Ship', Status: 'pending' }) =>
      tablehook.createRecord(table.id, values);

    it('a sample made from the fields of the table, of the first event that is asked for', async () => {
      await tested(await register({ events: ['record.deleted', 'record.created'] }));
      const { event } = received();
      expect(event).toMatchObject({
        type: 'record.deleted',
        table: { id: table.id, name: 'Tasks' },
        items: [{ record: null, previous: { Title: expect.any(String), Count: expect.any(Number) } }],
      });
      expect(received().headers['tablehook-event']).toBe('record.deleted');
    });

    it('the event that it is asked to tell, whether the webhook asks for it or not', async () => {
      await tested(await register({ events: ['record.deleted'] }), { eventType: 'record.updated' });
      const { event } = received();
      expect(event.type).toBe('record.updated');
      expect(event.items[0]?.previous).not.toEqual(event.items[0]?.record);
    });

    it('a record as it is now', async () => {
      const record = await created();
      await tablehook.updateRecord(table.id, record.id, { Status: 'completed' });
      await tested(await register(), { recordId: record.id });
      expect(received().event).toMatchObject({
        type: 'record.created',
        items: [
          {
            recordId: record.id,
            recordVersion: 2,
            previous: null,
            record: { Title: 'Ship', Status: 'completed' },
          },
        ],
      });
    });

    it('with an update what the record was before its latest one', async () => {
      const record = await created();
      await tablehook.updateRecord(table.id, record.id, { Status: 'completed' });
      await tested(await register(), { recordId: record.id, eventType: 'record.updated' });
      expect(received().event.items[0]).toMatchObject({
        previous: { Title: 'Ship', Status: 'pending' },
        record: { Title: 'Ship', Status: 'completed' },
        changes: [{ fieldName: 'Status', from: 'pending', to: 'completed' }],
      });
    });

    it('with an update of a record that never had one, that its last value was set', async () => {
      const record = await created();
      await tested(await register(), { recordId: record.id, eventType: 'record.updated' });
      expect(received().event.items[0]).toMatchObject({
        previous: { Title: 'Ship' },
        record: { Title: 'Ship', Status: 'pending' },
      });
    });

    it('a record that is kept elsewhere as it was reported last', async () => {
      const report = async (change: object) =>
        tablehook.call('POST', `/v1/tables/${table.id}/changes`, { changes: [change] });
      await report({ changeKey: '1', type: 'record.created', recordId: 'inv-1', record: { Title: 'a' } });
      const [previous, record] = [{ Title: 'a' }, { Title: 'b' }];
      await report({ changeKey: '2', type: 'record.updated', recordId: 'inv-1', previous, record });
      const webhook = await register();
      await tested(webhook, { recordId: 'inv-1', eventType: 'record.updated' });
      expect(received().event.items[0]).toMatchObject({
        recordId: 'inv-1',
        recordVersion: 2,
        previous,
        record,
      });
      await report({ changeKey: '3', type: 'record.deleted', recordId: 'inv-1', previous: record });
      expect((await call(webhook, { recordId: 'inv-1' })).status).toBe(404);
    });

    it('no record that is not there, was deleted or is in another table: 404, and calls nobody', async () => {
      const webhook = await register();
      const deleted = await created();
      await tablehook.call('DELETE', `/v1/tables/${table.id}/records/${deleted.id}`);
      const other = await tablehook.createRecord((await tablehook.createTable('Other')).id);
      // The webhook hears of the writes above.
      const before = (await tablehook.services.models.webhookTests.find().lean()).length;
      for (const recordId of [newId('rec'), deleted.id, other.id, 'inv-none']) {
        expect((await call(webhook, { recordId })).status, recordId).toBe(404);
      }
      expect(await tablehook.services.models.webhookTests.countDocuments()).toBe(before);
      expect(receiver.received.filter(({ headers }) => 'tablehook-test' in headers)).toEqual([]);
    });

    it('no record to a key that may not read records: 403', async () => {
      const record = await created();
      const webhook = await register();
      const scopes = ['webhooks:write', 'deliveries:read'];
      const narrow = tablehook.as((await tablehook.createKey({ name: 'narrow', scopes })).key);
      const path = `/v1/webhooks/${webhook.id}/test`;
      const refused = await narrow.call<Problem>('POST', path, { recordId: record.id });
      expect(refused.status).toBe(403);
      expect(refused.body.detail).toContain('records:read');
      expect((await narrow.call('POST', path)).status).toBe(200);
    });
  });

  describe('leaves alone', () => {
    it.each([200, 410, 500])(
      'deliveries, health and everything of the webhook, when answered %i',
      async (status) => {
        receiver.answerAlways({ status });
        const webhook = await register({ delivery: { ratePerSecond: 0.1, maxInFlight: 1 } });
        const before = await storedOf(webhook);
        for (let count = 0; count < 3; count += 1) await tested(webhook);
        expect(receiver.received).toHaveLength(3);
        expect(await storedOf(webhook)).toEqual(before);
        const { models } = tablehook.services;
        expect(await models.deliveries.countDocuments({ webhookId: webhook.id })).toBe(0);
        expect(await models.changes.countDocuments({ tableId: table.id })).toBe(0);
      },
    );

    it.each([
      ['disabled', { enabled: false }],
      ['paused', { paused: { at: new Date(), reason: null, auto: false } }],
      ['failing', { 'health.circuit': 'open', 'health.probeAt': new Date(Date.now() + 60_000) }],
      ['without a free seat', { seats: [{ token: 'x', until: new Date(Date.now() + 60_000) }] }],
    ])('that a webhook is %s: it is called all the same', async (_, edits) => {
      const webhook = await register({ delivery: { maxInFlight: 1 } });
      await tablehook.services.models.webhooks.updateOne({ _id: webhook.id }, { $set: edits });
      const before = await storedOf(webhook);
      expect((await tested(webhook)).outcome).toBe('delivered');
      expect(await storedOf(webhook)).toEqual(before);
    });

    it('what is secret: all that is stored of it is sealed, and for an hour', async () => {
      const webhook = await register({ url: `${receiver.url}/T0KEN` });
      const record = await tablehook.createRecord(table.id, { Title: 'planted-value' });
      receiver.answerAlways({ status: 200, body: 'planted-answer' });
      const answer = await tested(webhook, { recordId: record.id });
      expect(JSON.stringify(answer)).toMatch(/T0KEN.*planted-value.*planted-answer/);
      const { webhookTests } = tablehook.services.models;
      const stored = await webhookTests.findOne({ webhookId: webhook.id }).lean();
      expect(JSON.stringify(stored)).not.toMatch(/T0KEN|planted/);
      const leftMs = (stored?.expiresAt.getTime() ?? 0) - Date.now();
      expect(Math.abs(leftMs - 3_600_000)).toBeLessThan(60_000);
      expect(await webhookTests.collection.indexes()).toContainEqual(
        expect.objectContaining({ key: { expiresAt: 1 }, expireAfterSeconds: 0 }),
      );
    });
  });

  it('may be made 5 times at once; then it is 429 with Retry-After, for this webhook alone', async () => {
    const webhook = await register();
    const replies = await Promise.all(Array.from({ length: 7 }, () => call<Problem>(webhook)));
    const refused = replies.find(({ status }) => status === 429);
    const count = (wanted: number) => replies.filter(({ status }) => status === wanted).length;
    expect([count(200), count(429)]).toEqual([5, 2]);
    expect(refused?.body.code).toBe('rate_limited');
    expect(Number(refused?.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(receiver.received).toHaveLength(5);
    expect((await call(await register())).status).toBe(200);
  });

  it.each([
    [{ eventType: 'record.*' }, 'eventType'],
    [{ eventType: 'record.moved' }, 'eventType'],
    [{ recordId: '' }, 'recordId'],
  ])('is not made of %j: 400', async (body, path) => {
    const refused = await call<Problem>(await register(), body);
    expect([refused.status, refused.body.errors[0]?.path]).toEqual([400, path]);
    expect(receiver.received).toEqual([]);
  });

  it('names the webhook in Temporal, and answers there in words', async () => {
    const webhook = await register({ name: 'CRM' });
    const { request } = await tested(webhook);
    const { host } = new URL(receiver.url);
    const workflowId = `test/${request.headers['webhook-id']}`;
    const temporal = await viewTemporal();
    try {
      const ended = await temporal.ended(workflowId);
      expect(ended.status.name).toBe('COMPLETED');
      expect(await ended.staticSummary()).toBe(`Test of CRM at ${host}`);
      const result: unknown = await temporal.client.workflow.getHandle(workflowId).result();
      expect(result).toMatch(new RegExp(`^200 from ${host} in \\d+ ms$`));
      expect(await temporal.currentDetails(workflowId)).toBe(result);
    } finally {
      await temporal.close();
    }
  });
});
