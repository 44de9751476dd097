import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectMongodb } from '../../src/models/models.ts';
import type { CliProcess } from '../support/cli.ts';
import { killLeftovers, runCli } from '../support/cli.ts';
import { createClient } from '../support/client.ts';
import type { ServersEnv } from '../support/given-servers.ts';
import { givenServers } from '../support/given-servers.ts';
import { makeFolder } from '../support/own-servers.ts';
import { startReceiver } from '../support/receiver.ts';
import { until } from '../support/until.ts';

const REQUESTS = 150;
const RECORDS_EACH = 16;
const VALUE_BYTES = 250_000;
/** Of 600 MB that arrive at once. What Kubernetes gives an API. */
const MOST_BYTES = 512 * 1024 * 1024;

describe('an api that is sent more than it can hold', { timeout: 180_000 }, () => {
  let folder: Awaited<ReturnType<typeof makeFolder>>;
  let env: ServersEnv;
  let api: CliProcess;
  let url: string;

  beforeAll(async () => {
    folder = await makeFolder();
    env = await givenServers();
    const setup = runCli(['setup'], { env, cwd: folder.path });
    expect(await setup.ended, setup.output()).toEqual({ code: 0, signal: null });
    api = runCli(['api'], { env, cwd: folder.path });
    [, url = ''] = await api.printed(/"address":"([^"]+)"/);
  });
  afterAll(async () => {
    await killLeftovers();
    await folder.remove();
  });

  const countRecords = async (tableId: string) => {
    const models = await connectMongodb(env.MONGODB_URI);
    const count = await models.records.countDocuments({ tableId });
    await models.connection.close();
    return count;
  };

  it('takes what it has room for and refuses the rest, within its memory, and serves on', async () => {
    const client = createClient(url, env.BOOTSTRAP_API_KEY);
    const { id: tableId } = await client.createTable();
    const operation = { op: 'create', values: { Title: 'x'.repeat(VALUE_BYTES) } };
    const operations = Array.from({ length: RECORDS_EACH }, () => operation);
    const body = Buffer.from(JSON.stringify({ operations }));
    const send = async () => {
      const response = await fetch(`${url}/v1/tables/${tableId}/records/batch`, {
        method: 'POST',
        headers: { authorization: `Bearer ${env.BOOTSTRAP_API_KEY}`, 'content-type': 'application/json' },
        body,
      });
      const answer = (await response.json()) as { code?: string };
      return {
        status: response.status,
        code: answer.code,
        retryAfter: response.headers.get('retry-after'),
      };
    };
    const answers = await Promise.all(Array.from({ length: REQUESTS }, send));
    const taken = answers.filter(({ status }) => status === 200);
    const refused = answers.filter(({ status }) => status !== 200);
    expect(taken.length).toBeGreaterThan(0);
    expect(refused.length).toBeGreaterThan(0);
    for (const answer of refused)
      expect(answer).toEqual({ status: 503, code: 'overloaded', retryAfter: '1' });
    expect(await countRecords(tableId)).toBe(taken.length * RECORDS_EACH);
    expect(await readPeakBytes(api.pid)).toBeLessThan(MOST_BYTES);

    // A worker that comes now delivers what is written from here on: the API is as good as before.
    const receiver = await startReceiver();
    const webhook = await client.createWebhook(tableId, { url: receiver.url });
    runCli(['worker'], { env, cwd: folder.path });
    const { changeId } = await client.createRecord(tableId);
    await client.deliveryOf(changeId, webhook.id, 'delivered');
    await until(async () => (await readInHand(url)) === 0, { what: 'an api with nothing in hand' });
    await receiver.close();
  });
});

/** The most it ever held in memory (Linux). */
async function readPeakBytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1]) * 1024;
}

async function readInHand(url: string): Promise<number> {
  const metrics = await (await fetch(`${url}/metrics`)).text();
  return Number(/^tablehook_requests_in_hand (\d+)$/m.exec(metrics)?.[1]);
}
