import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Page } from '../../../src/contracts/page.ts';
import type { Table } from '../../../src/contracts/table.ts';
import type { Webhook } from '../../../src/contracts/webhook.ts';
import { generateWebhookSecret } from '../../../src/services/webhooks/secrets.ts';
import { killLeftovers, runCli } from '../../support/cli.ts';
import { makeFolder } from '../../support/own-servers.ts';
import type { Receiver } from '../../support/receiver.ts';
import { startReceiver } from '../../support/receiver.ts';
import { newEventBody, signedHeaders } from '../../support/signed-event.ts';
import type { Tablehook } from '../../support/tablehook.ts';
import { startTablehook } from '../../support/tablehook.ts';
import { until } from '../../support/until.ts';

describe('commands that follow', () => {
  let tablehook: Tablehook;
  let receiver: Receiver;
  let folder: Awaited<ReturnType<typeof makeFolder>>;
  let table: Table;

  beforeAll(async () => {
    tablehook = await startTablehook();
    receiver = await startReceiver();
    folder = await makeFolder();
    table = await tablehook.createTable('Tasks');
  });
  afterAll(async () => {
    await killLeftovers();
    await tablehook.stop();
    await receiver.close();
    await folder.remove();
  });

  const run = (...args: string[]) => {
    const env = { TABLEHOOK_URL: tablehook.url, TABLEHOOK_API_KEY: tablehook.apiKey };
    return runCli(args, { env, cwd: folder.path });
  };
  const webhooksOf = async () =>
    (await tablehook.call<Page<Webhook>>('GET', `/v1/tables/${table.id}/webhooks`)).body.data;

  describe('tablehook listen', () => {
    it('registers a webhook for itself, prints what comes as verified, and deletes it at Ctrl-C', async () => {
      const listen = run('listen', '--table', 'Tasks', '--port', '0', '--event', 'record.updated');
      await listen.printed(/Listening at http:\/\/127\.0\.0\.1:\d+\/ for record\.updated of Tasks/);
      expect(await webhooksOf()).toMatchObject([
        { name: expect.stringMatching(/^tablehook listen \(.+:\d+\)$/) },
      ]);
      const record = await tablehook.createRecord(table.id, { Title: 'Ship', Status: 'pending' });
      await tablehook.updateRecord(table.id, record.id, { Status: 'completed' });
      await listen.printed(
        /Status: "pending" → "completed"\n +dlv_\w+ {2}attempt 1 {2}verified {2}answered 200/,
      );
      expect(listen.output()).not.toContain('record.created');
      listen.kill('SIGINT');
      expect(await listen.ended).toEqual({ code: 130, signal: null });
      expect(listen.output()).toMatch(/Deleted whk_\w+\.\n$/);
      expect(await webhooksOf()).toEqual([]);
    });

    it('answers what it is told to, prints a line of JSON for each attempt', async () => {
      const listen = run('listen', '--table', table.id, '--port', '0', '--answer', '503', '--json');
      await listen.printed(/Listening/);
      const { changeId } = await tablehook.createRecord(table.id, { Title: 'Ship' });
      const [line = ''] = await listen.printed(/^\{.*\}$/m);
      expect(JSON.parse(line)).toMatchObject({
        verified: true,
        attempt: 1,
        answered: 503,
        event: { id: changeId, type: 'record.created', items: [{ record: { Title: 'Ship' } }] },
      });
      const [webhook] = await webhooksOf();
      await tablehook.deliveryOf(changeId, webhook?.id ?? '', 'retrying');
      listen.kill('SIGTERM');
      expect((await listen.ended).code).toBe(130);
      expect(await webhooksOf()).toEqual([]);
    });

    it('needs no Tablehook to verify with a secret, and refuses what is not genuine', async () => {
      const secret = generateWebhookSecret();
      const listen = runCli(['listen', '--port', '0', '--secret', secret], { env: {}, cwd: folder.path });
      const [, url = ''] = await listen.printed(/Listening at (\S+)\./);
      const body = JSON.stringify(newEventBody());
      const send = async (by: string) =>
        (await fetch(url, { method: 'POST', headers: signedHeaders({ secrets: [by], body }), body })).status;
      expect(await send(secret)).toBe(200);
      await listen.printed(/record\.updated {2}Tasks .*by ana\n.*\n.*attempt 3 {2}verified/);
      expect(await send(generateWebhookSecret())).toBe(401);
      await listen.printed(/NOT genuine: No signature is by a secret/);
      listen.kill('SIGINT');
      expect((await listen.ended).code).toBe(130);
    });

    it('says that it verified nothing without a secret, and shows bodies of any kind', async () => {
      const listen = runCli(['listen', '--port', '0'], { env: {}, cwd: folder.path });
      const [, url = ''] = await listen.printed(/Listening at (\S+)\./);
      expect((await fetch(url, { method: 'POST', body: 'hello' })).status).toBe(200);
      await listen.printed(/hello\n +not verified \(no --secret\)/);
      listen.kill('SIGINT');
      await listen.ended;
    });

    it('ends with 1 and registers nothing when its port is taken', async () => {
      const listen = run('listen', '--table', 'Tasks', '--port', new URL(receiver.url).port);
      expect((await listen.ended).code).toBe(1);
      expect(listen.output()).toMatch(/Port \d+ is taken\. Give --port another one/);
      expect(await webhooksOf()).toEqual([]);
    });
  });

  describe('tablehook deliveries tail', () => {
    it('follows new deliveries and their states until Ctrl-C, after the latest', async () => {
      const webhook = await tablehook.createWebhook(table.id, {
        url: receiver.url,
        retry: { initialMs: 5_000, jitter: 0 },
      });
      const before = await tablehook.createRecord(table.id);
      await tablehook.deliveryOf(before.changeId, webhook.id);
      const tail = run('deliveries', 'tail', '--webhook', webhook.id, '--interval', '100', '--lines', '1');
      await tail.printed(new RegExp(`${before.id} v1 .*delivered`));
      receiver.answerNext({ status: 503 });
      const record = await tablehook.createRecord(table.id);
      await tail.printed(new RegExp(`${record.id} v1 .*retrying {2}attempt 1: 503 {2}next .*\\(in `));
      await tail.printed(new RegExp(`${record.id} v1 .*delivered {2}attempt 2: 200`));
      tail.kill('SIGINT');
      expect(await tail.ended).toEqual({ code: 130, signal: null });
      expect(tail.output().match(new RegExp(before.id, 'g'))).toHaveLength(1);
    });

    it('prints a line of JSON for each, of the wanted state only', async () => {
      const other = await tablehook.createTable('Failing');
      const webhook = await tablehook.createWebhook(other.id, { url: receiver.url });
      const tail = run(
        'deliveries',
        'tail',
        '--table',
        'Failing',
        '--state',
        'failed',
        '--json',
        '--interval',
        '100',
      );
      const good = await tablehook.createRecord(other.id);
      await tablehook.deliveryOf(good.changeId, webhook.id);
      receiver.answerNext({ status: 404 });
      const bad = await tablehook.createRecord(other.id);
      await tail.printed(new RegExp(bad.id));
      tail.kill('SIGINT');
      await tail.ended;
      const lines = tail
        .output()
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as object);
      expect(lines).toEqual([
        expect.objectContaining({ recordId: bad.id, state: 'failed', lastStatus: 404 }),
      ]);
    });

    it('tells of a burst of more than a page, each delivery at least once', async () => {
      const burst = await tablehook.createTable('Burst');
      await tablehook.createWebhook(burst.id, { url: receiver.url });
      const tail = run('deliveries', 'tail', '--table', 'Burst', '--json', '--interval', '500');
      const first = await tablehook.createRecord(burst.id);
      await tail.printed(new RegExp(first.id));
      const operations = Array.from({ length: 450 }, () => ({ op: 'create', values: {} }));
      await tablehook.call('POST', `/v1/tables/${burst.id}/records/batch`, { operations });
      const idsOf = () => new Set(tail.output().match(/"recordId":"rec_\w+"/g));
      await until(async () => idsOf().size === 451, { what: 'all 451 records in the tail' });
      tail.kill('SIGINT');
      await tail.ended;
    });
  });
});
