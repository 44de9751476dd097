import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { WrittenRecord } from '../../src/contracts/record.ts';
import type { CreatedWebhook } from '../../src/contracts/webhook.ts';
import { verifySignature } from '../../src/receiver/verify-signature.ts';
import { generateSecretKey } from '../../src/secret-box.ts';
import type { CliProcess } from '../support/cli.ts';
import { killLeftovers, runCli } from '../support/cli.ts';
import type { Client } from '../support/client.ts';
import { createClient } from '../support/client.ts';
import type { ServersEnv } from '../support/given-servers.ts';
import { givenServers } from '../support/given-servers.ts';
import { makeFolder } from '../support/own-servers.ts';
import type { Receiver } from '../support/receiver.ts';
import { startReceiver } from '../support/receiver.ts';
import type { Ran } from '../support/run-command.ts';
import { runCommand } from '../support/run-command.ts';

const OLD = generateSecretKey('old');
const NEW = generateSecretKey('new');

describe('rotating SECRET_KEYS while API and worker run', () => {
  let folder: Awaited<ReturnType<typeof makeFolder>>;
  let env: ServersEnv;
  let receiver: Receiver;
  let processes: CliProcess[] = [];
  let client: Client;
  let tableId: string;
  let webhook: CreatedWebhook;

  const keys = async (...args: string[]): Promise<Ran> =>
    runCommand(['keys', ...args], { env, cwd: folder.path });
  const stop = async () => {
    for (const process of processes) process.kill('SIGTERM');
    for (const process of processes) expect((await process.ended).code, process.output()).toBe(0);
    processes = [];
  };
  /** API and worker, one after the other as in a rollout, with these keys. */
  const roll = async (secretKeys: string) => {
    await stop();
    env.SECRET_KEYS = secretKeys;
    const start = (command: string) => runCli([command], { env, cwd: folder.path });
    processes = [start('api'), start('worker')];
    const [api, worker] = processes;
    client = createClient((await api?.printed(/"address":"([^"]+)"/))?.[1] ?? '', env.BOOTSTRAP_API_KEY);
    await worker?.printed(/worker is running/);
  };
  const expectDelivered = async ({ changeId }: Pick<WrittenRecord, 'changeId'>) => {
    await client.deliveryOf(changeId, webhook.id);
    const got = receiver.received.at(-1);
    if (!got) throw new Error('the endpoint got nothing');
    const { headers, body, path } = got;
    expect([path, headers['x-secret']]).toEqual(['/hook/T0KEN', 'hidden']);
    // Throws when it was not signed with the webhook's secret.
    verifySignature({ headers, body }, { secrets: webhook.secret });
    expect(JSON.parse(body)).toMatchObject({ id: changeId });
  };

  beforeAll(async () => {
    folder = await makeFolder();
    env = await givenServers();
    receiver = await startReceiver();
    const setup = runCli(['setup'], { env, cwd: folder.path });
    expect(await setup.ended, setup.output()).toMatchObject({ code: 0 });
    await roll(OLD);
    ({ id: tableId } = await client.createTable());
    const headers = [{ name: 'x-secret', value: 'hidden', secret: true }];
    webhook = await client.createWebhook(tableId, { url: `${receiver.url}/T0KEN`, headers });
  });
  afterAll(async () => {
    await killLeftovers();
    await receiver.close();
    await folder.remove();
  });

  it('delivers before, during and after, signed alike, until the old key is gone', async () => {
    await expectDelivered(await client.createRecord(tableId));
    await roll(`${OLD},${NEW}`);
    await expectDelivered(await client.createRecord(tableId));
    await roll(`${NEW},${OLD}`);
    const before = await keys('status');
    expect(before.stdout).toMatch(/old +opens +webhooks +3/);
    const dry = await keys('re-encrypt', '--dry-run');
    expect(dry.stdout).toContain('webhooks: 1 documents to be sealed with new');
    expect((await keys('status')).stdout).toBe(before.stdout);

    const done = await keys('re-encrypt');
    expect(done).toMatchObject({ code: 0, stderr: '' });
    expect(done.stdout).toContain('webhooks: 1 documents sealed with new');
    expect(done.stdout).toContain('Nothing needs old any more');
    await expectDelivered(await client.createRecord(tableId));
    await roll(NEW);
    await expectDelivered(await client.createRecord(tableId));
    expect((await keys('re-encrypt')).stdout).toContain('webhooks: 0 documents sealed with new');
  });

  it('does not start without the key, says so, and loses nothing', async () => {
    const paused = await client.call('POST', `/v1/webhooks/${webhook.id}/pause`, {});
    expect(paused.status).toBe(200);
    const record = await client.createRecord(tableId);
    await stop();
    env.SECRET_KEYS = generateSecretKey('newest');
    for (const command of ['api', 'worker']) {
      const refused = await runCommand([command], { env, cwd: folder.path });
      expect(refused.code, refused.stderr).toBe(1);
      expect(refused.stderr).toMatch(/^tablehook: SECRET_KEYS lacks the key "new", which sealed 3 secrets/);
      expect(refused.stderr).not.toContain('\n    at ');
    }
    for (const args of [['status'], ['re-encrypt']]) {
      const refused = await keys(...args);
      expect(refused.code).toBe(1);
      expect(refused.stdout).toMatch(/new +LACKING +webhooks +3/);
      expect(refused.stderr).toContain('SECRET_KEYS lacks');
      expect(refused.stderr).not.toContain(webhook.secret);
    }
    await roll(NEW);
    await client.call('POST', `/v1/webhooks/${webhook.id}/resume`, {});
    await expectDelivered(record);
  });
});
