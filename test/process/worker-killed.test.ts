import type { ServerResponse } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { killLeftovers, runCli } from '../support/cli.ts';
import type { Client } from '../support/client.ts';
import { createClient } from '../support/client.ts';
import type { ServersEnv } from '../support/given-servers.ts';
import { givenServers } from '../support/given-servers.ts';
import { makeFolder } from '../support/own-servers.ts';
import type { Answer } from '../support/receiver.ts';
import { startReceiver } from '../support/receiver.ts';
import { until } from '../support/until.ts';

describe('a worker that is killed between the call and the record of its outcome', () => {
  let folder: Awaited<ReturnType<typeof makeFolder>>;
  let env: ServersEnv;
  let client: Client;

  const run = (...args: string[]) => runCli(args, { env, cwd: folder.path });
  const startWorker = async () => {
    const worker = run('worker');
    await worker.printed(/worker is running/);
    return worker;
  };

  beforeAll(async () => {
    folder = await makeFolder();
    env = await givenServers();
    const setup = run('setup');
    expect(await setup.ended, setup.output()).toEqual({ code: 0, signal: null });
    const api = run('api');
    const [, url = ''] = await api.printed(/"address":"([^"]+)"/);
    client = createClient(url, env.BOOTSTRAP_API_KEY);
  });
  afterAll(async () => {
    await killLeftovers();
    await folder.remove();
  });

  // A claim ends 6 s after it was last renewed; Temporal notices the death after 5 s (a first attempt, whose workflow task
  // times out) or 15 s (a durable one, which heartbeats).
  it('leaves deliveries that another one makes again, with the same ids and bytes, and the lost attempts in the log', async () => {
    const held: ServerResponse[] = [];
    const hold = (_request: unknown, response: ServerResponse) => void held.push(response);
    const fire = async (...answers: Answer[]) => {
      const receiver = await startReceiver();
      receiver.answerNext(...answers);
      const table = await client.createTable();
      const retry = { timeoutMs: 60_000, initialMs: 50 };
      const webhook = await client.createWebhook(table.id, { url: receiver.url, retry });
      const { changeId } = await client.createRecord(table.id);
      return { receiver, webhookId: webhook.id, changeId };
    };
    const killed = await startWorker();
    const durable = await fire({ status: 503 }, hold);
    const first = await fire(hold);
    await until(async () => held.length === 2, { what: 'a first and a durable attempt in flight' });
    killed.kill('SIGKILL');
    expect(await killed.ended).toEqual({ code: null, signal: 'SIGKILL' });
    for (const response of held) response.end('too late');
    await startWorker();

    const outcomes = [];
    for (const { receiver, webhookId, changeId } of [first, durable]) {
      const delivery = await until(
        async () => {
          const [found] = (await client.getChange(changeId ?? '')).deliveries;
          return found?.state === 'delivered' && client.getDelivery(found.id);
        },
        { timeoutMs: 90_000, what: 'the delivery' },
      );
      expect(delivery.webhookId).toBe(webhookId);
      outcomes.push(delivery.attempts.map(({ number, outcome }) => `${number} ${outcome}`));
      expect(receiver.received).toHaveLength(delivery.attemptCount);
      const ids = receiver.received.map(({ headers }) => headers['webhook-id']);
      expect(new Set(ids)).toEqual(new Set([delivery.id]));
      expect(new Set(receiver.received.map(({ body }) => body)).size).toBe(1);
      await receiver.close();
    }
    expect(outcomes).toEqual([
      ['1 interrupted', '2 delivered'],
      ['1 http-error', '2 interrupted', '3 delivered'],
    ]);
  });
});
