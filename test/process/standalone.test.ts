import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Page } from '../../src/contracts/page.ts';
import type { Table } from '../../src/contracts/table.ts';
import { freePorts } from '../../src/embedded/free-ports.ts';
import type { ProcessIdentity } from '../../src/embedded/process-identity.ts';
import { findProcess } from '../../src/embedded/process-identity.ts';
import type { CliProcess } from '../support/cli.ts';
import { killLeftovers, runCli } from '../support/cli.ts';
import type { Client } from '../support/client.ts';
import { createClient } from '../support/client.ts';
import { makeFolder } from '../support/own-servers.ts';
import type { Receiver } from '../support/receiver.ts';
import { hang, startReceiver } from '../support/receiver.ts';
import { until } from '../support/until.ts';

describe('tablehook start, on servers and a data folder of its own', () => {
  let folder: Awaited<ReturnType<typeof makeFolder>>;
  let receiver: Receiver;
  let port = 0;
  let standalone: CliProcess;
  let apiKey: string;
  let client: Client;
  const known = { tableId: '', recordId: '', webhookId: '', changeId: '' };

  beforeAll(async () => {
    folder = await makeFolder();
    receiver = await startReceiver();
    [port = 0] = await freePorts(1);
  });
  afterAll(async () => {
    const servers = await serversOf().catch(() => []);
    await killLeftovers();
    for (const server of servers) if (await findProcess(server)) process.kill(server.pid, 'SIGKILL');
    await receiver.close();
    await folder.remove();
  });

  /** The processes of mongod and Temporal, as written down in the data folder. */
  const serversOf = async (): Promise<ProcessIdentity[]> =>
    Promise.all(
      ['mongodb', 'temporal'].map(async (name) => {
        const text = await readFile(join(folder.path, 'data', name, 'server.json'), 'utf8');
        return (JSON.parse(text) as { server: ProcessIdentity }).server;
      }),
    );
  const alive = async (servers: ProcessIdentity[]) =>
    (await Promise.all(servers.map(async (server) => findProcess(server)))).filter((found) => found !== null);
  const start = async () => {
    const env = { DATA_DIR: join(folder.path, 'data'), PORT: String(port) };
    standalone = runCli(['start'], { env, cwd: folder.path });
    [, apiKey = ''] = await standalone.printed(/API key\s+(thk_\S+)/);
    await standalone.printed(/Ctrl-C here stops everything/);
    client = createClient(`http://127.0.0.1:${port}`, apiKey);
  };

  it('prints one screen with the address, the key, the Temporal UI and a walk', async () => {
    await start();
    const screen = standalone.output();
    expect(screen).toContain(`http://127.0.0.1:${port}`);
    expect(screen).toContain('A walk');
    expect(screen.split('\n').length).toBeLessThan(50);
    const [, uiUrl = ''] = /Temporal UI\s+(http\S+)/.exec(screen) ?? [];
    expect((await fetch(uiUrl)).status).toBe(200);
  });

  it('has the table of operational events, and no other', async () => {
    const { body } = await client.call<Page<Table>>('GET', '/v1/tables');
    expect(body.data.map(({ name, system }) => [name, system])).toEqual([['tablehook.events', true]]);
  });

  it('delivers a record change, and the workflow link leads to its Temporal UI', async () => {
    const table = await client.createTable();
    const retry = { initialMs: 500, factor: 1, jitter: 0 };
    const webhook = await client.createWebhook(table.id, { url: receiver.url, retry });
    const record = await client.createRecord(table.id, { Title: 'Kept' });
    Object.assign(known, { tableId: table.id, recordId: record.id, webhookId: webhook.id });
    known.changeId = record.changeId ?? '';
    const delivery = await client.deliveryOf(known.changeId, webhook.id);
    expect((await fetch(delivery.workflow.url ?? '')).status).toBe(200);
  });

  it('ends with 0 at Ctrl-C, without waiting for an endpoint that hangs, and leaves no server behind', async () => {
    const table = await client.createTable();
    const hanging = await startReceiver();
    hanging.answerAlways(hang);
    const retry = { timeoutMs: 60_000 };
    const { id } = await client.createWebhook(table.id, { url: hanging.url, retry });
    const { changeId } = await client.createRecord(table.id);
    await client.deliveryOf(changeId, id, 'delivering');
    const servers = await serversOf();
    expect(await alive(servers)).toHaveLength(2);
    standalone.kill('SIGINT');
    expect(await standalone.ended, standalone.output()).toEqual({ code: 0, signal: null });
    expect(await alive(servers)).toEqual([]);
    await hanging.close();
  });

  it('has its key, its records and its deliveries again at the next start', async () => {
    const keyBefore = apiKey;
    await start();
    expect(apiKey).toBe(keyBefore);
    const record = await client.call('GET', `/v1/tables/${known.tableId}/records/${known.recordId}`);
    expect(record.body).toMatchObject({ version: 1, values: { Title: 'Kept' } });
    const { deliveries } = await client.getChange(known.changeId);
    expect(deliveries.map(({ state }) => state)).toEqual(['delivered']);
    const { changeId } = await client.updateRecord(known.tableId, known.recordId, { Title: 'Changed' });
    await client.deliveryOf(changeId, known.webhookId);
  });

  it('recovers from being killed: it stops the servers left behind and delivers what was open', async () => {
    receiver.answerAlways({ status: 503 });
    const open = await client.createRecord(known.tableId, { Title: 'Open' });
    await client.deliveryOf(open.changeId, known.webhookId, 'retrying');
    const orphans = await serversOf();
    standalone.kill('SIGKILL');
    expect(await standalone.ended).toEqual({ code: null, signal: 'SIGKILL' });
    expect(await alive(orphans)).toHaveLength(2);
    receiver.answerAlways({ status: 200 });

    await start();
    expect(standalone.output()).toContain('left behind');
    expect(await alive(orphans)).toEqual([]);
    const delivery = await until(
      async () => {
        const [found] = (await client.getChange(open.changeId ?? '')).deliveries;
        return found?.state === 'delivered' && found;
      },
      { timeoutMs: 90_000, what: 'the delivery that was open' },
    );
    const heard = receiver.received.filter(({ event }) => event.id === open.changeId);
    expect(new Set(heard.map(({ headers }) => headers['webhook-id']))).toEqual(new Set([delivery.id]));
    standalone.kill('SIGINT');
    expect(await standalone.ended, standalone.output()).toEqual({ code: 0, signal: null });
  });
});
