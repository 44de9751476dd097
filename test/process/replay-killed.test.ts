import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BatchResult } from '../../src/contracts/record.ts';
import type { Replay } from '../../src/contracts/replay.ts';
import { killLeftovers, runCli } from '../support/cli.ts';
import type { Client } from '../support/client.ts';
import { createClient } from '../support/client.ts';
import type { ServersEnv } from '../support/given-servers.ts';
import { givenServers } from '../support/given-servers.ts';
import { makeFolder } from '../support/own-servers.ts';
import { startReceiver } from '../support/receiver.ts';
import { until } from '../support/until.ts';

const RECORDS = 150;

describe('a replay whose worker is killed', () => {
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

  it('goes on with the next one, and puts each delivery in line and counts it once', async () => {
    const receiver = await startReceiver();
    const table = await client.createTable();
    const webhook = await client.createWebhook(table.id, { url: receiver.url });
    let worker = await startWorker();
    const operations = Array.from({ length: RECORDS }, () => ({ op: 'create', values: {} }));
    await client.call<BatchResult>('POST', `/v1/tables/${table.id}/records/batch`, { operations });
    const settled = async () => {
      const all = await client.listDeliveries(`webhookId=${webhook.id}&limit=200`);
      return all.length === RECORDS && all.every(({ state }) => state === 'delivered') && all;
    };
    await until(settled, { what: 'the deliveries' });

    const { body: made } = await client.call<Replay>('POST', '/v1/replays', {
      webhookId: webhook.id,
      filter: {},
      ratePerSecond: 20,
    });
    const read = async () => (await client.call<Replay>('GET', `/v1/replays/${made.id}`)).body;
    for (const atLeast of [20, 80]) {
      await until(async () => (await read()).sent >= atLeast, {
        what: `${atLeast} in line`,
        timeoutMs: 90_000,
      });
      worker.kill('SIGKILL');
      await worker.ended;
      expect((await read()).state).toBe('running');
      worker = await startWorker();
    }
    const ended = await until(
      async () => {
        const replay = await read();
        return replay.state === 'completed' && replay;
      },
      { what: 'the end of the replay', timeoutMs: 90_000 },
    );
    expect(ended).toMatchObject({ selected: RECORDS, sent: RECORDS });
    // Twice each, and once more for an attempt that was in flight at a kill: the log tells which.
    const deliveries = await until(
      async () => {
        const all = await settled();
        return all && all.every(({ attemptCount }) => attemptCount > 1) && all;
      },
      { what: 'the replays', timeoutMs: 90_000 },
    );
    for (const { id } of deliveries) {
      const { attempts } = await client.getDelivery(id);
      expect(attempts.filter(({ outcome }) => outcome === 'delivered')).toHaveLength(2);
      expect(attempts.filter(({ outcome }) => !['delivered', 'interrupted'].includes(outcome))).toEqual([]);
      const received = receiver.received.filter(({ headers }) => headers['webhook-id'] === id);
      expect(received.length).toBeGreaterThanOrEqual(2);
      expect(received.length).toBeLessThanOrEqual(attempts.length);
      expect(new Set(received.map(({ body }) => body)).size).toBe(1);
    }
    await receiver.close();
  }, 300_000);
});
