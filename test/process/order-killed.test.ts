import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { connectMongodb } from '../../src/models/models.ts';
import type { CallLog } from '../support/call-log.ts';
import { startCallLog } from '../support/call-log.ts';
import type { CliProcess } from '../support/cli.ts';
import { killLeftovers, runCli } from '../support/cli.ts';
import type { Client } from '../support/client.ts';
import { createClient } from '../support/client.ts';
import type { ServersEnv } from '../support/given-servers.ts';
import { givenServers } from '../support/given-servers.ts';
import { settleInOrder } from '../support/order-oracle.ts';
import { makeFolder } from '../support/own-servers.ts';
import { until } from '../support/until.ts';

const SEED = Number(process.env['ORDER_SEED'] ?? Date.now() % 2 ** 31);
const RECORDS = 3;
/** Claims last 6 s, what a dead worker was waking is looked at after 60 s, every 10 s. */
const SETTLED_WITHIN_MS = 90_000;

/** After so many more edits of each record, and so many more calls, one of the workers is killed. */
const KILLS = fc.array(
  fc.record({
    edits: fc.integer({ min: 2, max: 6 }),
    // No more than surely come: the fewest edits of every record.
    calls: fc.integer({ min: 1, max: 2 * RECORDS }),
    worker: fc.integer({ min: 0, max: 1 }),
  }),
  { minLength: 3, maxLength: 3 },
);

describe(`workers that are killed while they send the versions of records (seed ${SEED})`, () => {
  let folder: Awaited<ReturnType<typeof makeFolder>>;
  let env: ServersEnv;
  let client: Client;
  let endpoint: CallLog;

  const startWorker = async () => {
    const worker = runCli(['worker'], { env, cwd: folder.path });
    await worker.printed(/worker is running/);
    return worker;
  };

  beforeAll(async () => {
    folder = await makeFolder();
    env = await givenServers();
    const setup = runCli(['setup'], { env, cwd: folder.path });
    expect(await setup.ended, setup.output()).toEqual({ code: 0, signal: null });
    const api = runCli(['api'], { env, cwd: folder.path });
    const [, url = ''] = await api.printed(/"address":"([^"]+)"/);
    client = createClient(url, env.BOOTSTRAP_API_KEY);
    endpoint = await startCallLog();
  });
  afterEach(async () => endpoint.close());
  afterAll(async () => {
    await killLeftovers();
    await folder.remove();
  });

  const kill = async (workers: CliProcess[], index: number) => {
    const [worker] = workers.splice(index, 1);
    worker?.kill('SIGKILL');
    expect(await worker?.ended).toEqual({ code: null, signal: 'SIGKILL' });
    workers.push(await startWorker());
  };

  it('leave their work to others, which keep to the order and settle it all', async () => {
    const kills = fc.sample(KILLS, { seed: SEED, numRuns: 1 })[0] ?? [];
    const workers = await Promise.all([startWorker(), startWorker()]);
    const { id: tableId } = await client.createTable();
    const { id: webhookId } = await client.createWebhook(tableId, {
      url: endpoint.url,
      retry: { initialMs: 30, factor: 1, jitter: 0.2, timeoutMs: 5_000 },
      delivery: { order: 'record' },
    });
    endpoint.always({ kind: 'answer', status: 200, afterMs: 60 });
    const records = await Promise.all(
      Array.from({ length: RECORDS }, async () => client.createRecord(tableId)),
    );
    let count = RECORDS;
    for (const { edits, calls, worker } of kills) {
      const goal = endpoint.calls.length + calls;
      endpoint.next({ kind: 'answer', status: 503 }, { kind: 'answer', status: 200, afterMs: 120 });
      for (let edit = 0; edit < edits; edit += 1) {
        const writes = records.map(async ({ id }) =>
          client.updateRecord(tableId, id, { Count: count + edit }),
        );
        await Promise.all(writes);
      }
      count += edits * RECORDS;
      await until(async () => endpoint.calls.length >= goal, { what: 'calls', timeoutMs: SETTLED_WITHIN_MS });
      await kill(workers, worker);
    }
    const models = await connectMongodb(env.MONGODB_URI);
    await settleInOrder({ services: { models } }, endpoint, {
      webhookId,
      count,
      timeoutMs: SETTLED_WITHIN_MS,
    });
    await models.connection.close();
  }, 400_000);
});
