import type { ServerResponse } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePorts } from '../../src/embedded/free-ports.ts';
import type { Problem } from '../../src/contracts/problem.ts';
import type { WebhookTest } from '../../src/contracts/webhook-test.ts';
import type { Models } from '../../src/models/models.ts';
import { connectMongodb } from '../../src/models/models.ts';
import type { CliProcess } from '../support/cli.ts';
import { killLeftovers, runCli } from '../support/cli.ts';
import type { Client } from '../support/client.ts';
import { createClient } from '../support/client.ts';
import type { ServersEnv } from '../support/given-servers.ts';
import { givenServers } from '../support/given-servers.ts';
import { makeFolder } from '../support/own-servers.ts';
import type { Answer, Receiver } from '../support/receiver.ts';
import { startReceiver } from '../support/receiver.ts';
import { until } from '../support/until.ts';

describe('setup, api and worker as processes of their own', () => {
  let folder: Awaited<ReturnType<typeof makeFolder>>;
  let env: ServersEnv;
  let models: Models;
  let receiver: Receiver;
  let api: CliProcess;
  let client: Client;
  let worker: CliProcess;
  let workerUrl: string;

  const run = (...args: string[]) => runCli(args, { env, cwd: folder.path });
  const addressOf = async (process: CliProcess) => (await process.printed(/"address":"([^"]+)"/))[1] ?? '';
  const startWorker = async () => {
    worker = run('worker');
    workerUrl = await addressOf(worker);
  };

  beforeAll(async () => {
    folder = await makeFolder();
    env = await givenServers();
    models = await connectMongodb(env.MONGODB_URI);
    receiver = await startReceiver();
  });
  afterAll(async () => {
    await killLeftovers();
    await receiver.close();
    await models.connection.dropDatabase();
    await models.connection.close();
    await folder.remove();
  });

  it('setup makes what the others need, and may be repeated', async () => {
    for (const setup of [run('setup'), run('setup')]) {
      expect(await setup.ended, setup.output()).toEqual({ code: 0, signal: null });
    }
    expect(await run('setup').ended).toEqual({ code: 0, signal: null });
    expect(await models.apiKeys.countDocuments()).toBe(1);
    expect((await models.tables.find().lean()).map(({ name }) => name)).toEqual(['tablehook.events']);
    const indexes = await models.changes.collection.indexes();
    expect(indexes.length).toBeGreaterThan(3);
  });

  it('api calls no endpoint by itself: the test of a webhook is 503 until there is a worker', async () => {
    api = run('api');
    client = createClient(await addressOf(api), env.BOOTSTRAP_API_KEY);
    const endpoint = await startReceiver();
    const table = await client.createTable();
    const webhook = await client.createWebhook(table.id, { url: endpoint.url, retry: { timeoutMs: 1_000 } });
    const test = async () => client.call<WebhookTest & Problem>('POST', `/v1/webhooks/${webhook.id}/test`);
    const refused = await test();
    expect([refused.status, refused.body.detail]).toEqual([503, expect.stringContaining('worker')]);
    expect(endpoint.received).toEqual([]);
    await startWorker();
    const tested = await test();
    expect([tested.status, tested.body.outcome]).toEqual([200, 'delivered']);
    expect(endpoint.received.map(({ body }) => body)).toEqual([tested.body.request.body]);
    await endpoint.close();
  });

  it('api and worker take a record change from the REST API to the endpoint', async () => {
    const table = await client.createTable();
    const webhook = await client.createWebhook(table.id, { url: receiver.url });
    const record = await client.createRecord(table.id, { Title: 'Ship' });
    const delivery = await client.deliveryOf(record.changeId, webhook.id);
    expect(receiver.received.map(({ headers }) => headers['webhook-id'])).toEqual([delivery.id]);
    expect(receiver.received[0]?.event.items[0]).toMatchObject({
      recordId: record.id,
      record: { Title: 'Ship' },
    });
    expect(delivery.attempts.map(({ outcome }) => outcome)).toEqual(['delivered']);
  });

  it('api and worker answer their probes', async () => {
    const ask = async (url: string) => {
      const response = await fetch(url);
      return [response.status, await response.json()];
    };
    for (const url of [await addressOf(api), workerUrl]) {
      expect(await ask(`${url}/livez`)).toEqual([200, { status: 'ok' }]);
      expect(await ask(`${url}/readyz`)).toEqual([200, { mongodb: true, temporal: true }]);
    }
    expect(await (await fetch(`${workerUrl}/metrics`)).text()).toContain('# TYPE');
  });

  it.each(['SIGUSR2', 'SIGQUIT'] as const)(
    'a worker that gets %s, which it does not answer, is gone, and not there without its work',
    async (signal) => {
      const another = run('worker');
      await addressOf(another);
      another.kill(signal);
      expect(await another.ended, another.output()).toEqual({ code: null, signal });
    },
  );

  it('a worker told to end lets its calls end, records them, takes nothing new and ends with 0', async () => {
    const held: ServerResponse[] = [];
    const hold = (_request: unknown, response: ServerResponse) => void held.push(response);
    const fire = async (...answers: Answer[]) => {
      const endpoint = await startReceiver();
      endpoint.answerNext(...answers);
      const table = await client.createTable();
      const retry = { initialMs: 50, timeoutMs: 60_000 };
      const webhook = await client.createWebhook(table.id, { url: endpoint.url, retry });
      const { changeId } = await client.createRecord(table.id);
      return { endpoint, table, webhook, changeId: changeId ?? '' };
    };
    const durable = await fire({ status: 503 }, hold);
    const first = await fire(hold);
    await until(async () => held.length === 2, { what: 'a first and a durable attempt in flight' });
    worker.kill('SIGTERM');
    await worker.printed(/shutting down/);
    const { changeId } = await client.createRecord(first.table.id);
    for (const response of held) response.end('done');
    expect(await worker.ended, worker.output()).toEqual({ code: 0, signal: null });

    const outcomes = [];
    for (const fired of [first, durable]) {
      const [delivery] = (await client.getChange(fired.changeId)).deliveries;
      const { state, attempts } = await client.getDelivery(delivery?.id ?? '');
      outcomes.push([state, ...attempts.map(({ outcome }) => outcome)]);
    }
    expect(outcomes).toEqual([
      ['delivered', 'delivered'],
      ['delivered', 'http-error', 'delivered'],
    ]);
    expect([first.endpoint.received.length, durable.endpoint.received.length]).toEqual([1, 2]);
    expect(await client.getChange(changeId ?? '')).toMatchObject({ state: 'pending', deliveries: [] });

    await startWorker();
    await client.deliveryOf(changeId, first.webhook.id);
    expect([first.endpoint.received.length, durable.endpoint.received.length]).toEqual([2, 2]);
    await first.endpoint.close();
    await durable.endpoint.close();
  });

  it('an api that cannot reach Temporal runs, and what it took is delivered by a worker that can', async () => {
    const [port] = await freePorts(1);
    const alone = runCli(['api'], {
      env: { ...env, TEMPORAL_ADDRESS: `127.0.0.1:${port}` },
      cwd: folder.path,
    });
    const url = await addressOf(alone);
    const cutOff = createClient(url, env.BOOTSTRAP_API_KEY);
    expect(await cutOff.call('GET', '/readyz')).toMatchObject({
      status: 200,
      body: { mongodb: true, temporal: false },
    });
    const table = await cutOff.createTable();
    const webhook = await cutOff.createWebhook(table.id, { url: receiver.url });
    const { changeId } = await cutOff.createRecord(table.id);
    await cutOff.deliveryOf(changeId, webhook.id);
    alone.kill('SIGTERM');
    expect(await alone.ended, alone.output()).toEqual({ code: 0, signal: null });
  });

  it('each says which settings it lacks, all at once, and ends with 1', async () => {
    const lacking = { api: true, worker: true, setup: false };
    for (const [command, needsKeys] of Object.entries(lacking)) {
      const process = runCli([command], { env: {}, cwd: folder.path });
      expect(await process.ended).toEqual({ code: 1, signal: null });
      expect(process.output()).toContain('MONGODB_URI');
      expect(process.output()).toContain('TEMPORAL_ADDRESS');
      expect(process.output().includes('SECRET_KEYS')).toBe(needsKeys);
    }
  });
});
