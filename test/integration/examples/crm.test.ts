import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startCrm } from '../../../examples/crm/crm.mjs';
import { findFreePort } from '../../../examples/support/serve.mjs';
import { loseFirstAnswer } from '../../support/lose-first-answer.ts';
import { runExample } from '../../support/run-example.ts';
import { sendEvent } from '../../support/send-event.ts';
import { newEventBody } from '../../support/signed-event.ts';
import type { Tablehook } from '../../support/tablehook.ts';
import { startTablehook } from '../../support/tablehook.ts';

const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const OTHER_SECRET = `whsec_${Buffer.alloc(32, 8).toString('base64')}`;
const TOKEN = 'crm-token';

describe('examples/crm', () => {
  let tablehook: Tablehook;
  let folder: string;
  const closing: { close: () => Promise<void> }[] = [];

  beforeAll(async () => {
    tablehook = await startTablehook();
    folder = await mkdtemp(join(tmpdir(), 'tablehook-crm-'));
  });
  afterAll(async () => {
    for (const { close } of closing) await close();
    await tablehook.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const run = async <T extends { close: () => Promise<void> }>(starting: Promise<T>): Promise<T> => {
    const started = await starting;
    closing.push(started);
    return started;
  };
  const customerTable = async () =>
    (
      await tablehook.call<{ id: string }>('POST', '/v1/tables', {
        name: 'Customers',
        fields: [
          { name: 'Name', type: 'text' },
          { name: 'Email', type: 'text' },
        ],
      })
    ).body;
  const register = async (tableId: string, url: string, token: string) =>
    tablehook.createWebhook(tableId, {
      url,
      events: ['record.created'],
      headers: [{ name: 'Authorization', value: `Bearer ${token}`, secret: true }],
      retry: { initialMs: 50, factor: 1, jitter: 0 },
    });
  const ada = { Name: 'Ada', Email: 'ada@example.com' };
  const created = (recordId: string, record = ada) =>
    newEventBody({
      type: 'record.created',
      items: [{ recordId, recordVersion: 1, previous: null, record, changes: [] }],
    });
  const authorised = { authorization: `Bearer ${TOKEN}` };

  it('runs as told: the CRM has the customer, and the change says so', async () => {
    const env = { TABLEHOOK_URL: tablehook.url, TABLEHOOK_API_KEY: tablehook.apiKey };
    const { code, output } = await runExample('crm', env);
    expect(output).toContain('CRM       has Ada Lovelace, ada@example.com');
    expect(output).toContain('delivered, 1 attempt, last answer 201');
    expect(code).toBe(0);
  });

  it('ends with 1 and the reason when Tablehook refuses the key, or there is none', async () => {
    const refused = await runExample('crm', {
      TABLEHOOK_URL: tablehook.url,
      TABLEHOOK_API_KEY: `thk_${'x'.repeat(43)}`,
    });
    expect(refused).toMatchObject({ code: 1, output: expect.stringContaining('401') });
    const missing = await runExample('crm', { TABLEHOOK_URL: tablehook.url });
    expect(missing).toMatchObject({ code: 1, output: expect.stringContaining('Set TABLEHOOK_API_KEY') });
  });

  it('refuses a wrong bearer token, and the failed delivery shows it', async () => {
    const port = await findFreePort();
    const table = await customerTable();
    const webhook = await register(table.id, `http://127.0.0.1:${port}/customers`, 'old-token');
    const crm = await run(startCrm({ port, secret: webhook.secret, token: TOKEN }));
    const { changeId } = await tablehook.createRecord(table.id, ada);
    const delivery = await tablehook.deliveryOf(changeId, webhook.id, 'failed');
    expect(delivery).toMatchObject({ failureReason: 'permanent-status', lastStatus: 401, attemptCount: 1 });
    expect(delivery.attempts[0]?.responseBody).toBe('wrong bearer token');
    expect(crm.customers()).toEqual([]);
  });

  it('stores a customer once when the first answer is lost, also across a restart', async () => {
    const port = await findFreePort();
    const table = await customerTable();
    const file = join(folder, 'crm.json');
    const lossy = await run(loseFirstAnswer(`http://127.0.0.1:${port}/customers`));
    const webhook = await register(table.id, lossy.url, TOKEN);
    const crm = await startCrm({ port, secret: webhook.secret, token: TOKEN, file });
    const { changeId } = await tablehook.createRecord(table.id, ada);
    const delivery = await tablehook.deliveryOf(changeId, webhook.id);
    expect(delivery.attempts.map(({ status, responseBody }) => [status, responseBody])).toEqual([
      [503, 'lost'],
      [200, 'had it already'],
    ]);
    expect(crm.customers()).toEqual([{ version: 1, name: 'Ada', email: 'ada@example.com' }]);
    await crm.close();

    const again = await run(startCrm({ port: 0, secret: webhook.secret, token: TOKEN, file }));
    const { event } = lossy.received[0] ?? {};
    const repeat = await sendEvent(again.url, event, {
      secret: webhook.secret,
      id: delivery.id,
      headers: authorised,
    });
    expect([repeat.status, await repeat.text()]).toEqual([200, 'had it already']);
    expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject({ seen: [delivery.id] });
    expect(again.customers()).toHaveLength(1);
  });

  it('refuses what is not signed, signed by another, or altered on the way', async () => {
    const crm = await run(startCrm({ secret: SECRET, token: TOKEN }));
    const event = created('rec_1');
    const sends = [
      sendEvent(crm.url, event, { secret: null, headers: authorised }),
      sendEvent(crm.url, event, { secret: OTHER_SECRET, headers: authorised }),
      sendEvent(crm.url, event, { secret: SECRET, tampered: '{"items":[]}', headers: authorised }),
      sendEvent(crm.url, event, { secret: SECRET }),
    ];
    const answers = await Promise.all(sends);
    expect(answers.map(({ status }) => status)).toEqual([401, 401, 401, 401]);
    expect(crm.customers()).toEqual([]);
    const rightful = await sendEvent(crm.url, event, { secret: SECRET, headers: authorised });
    expect(rightful.status).toBe(201);
  });

  it('never replaces a customer by an older version', async () => {
    const crm = await run(startCrm({ secret: SECRET, token: TOKEN }));
    const at = (recordVersion: number, Name: string) =>
      newEventBody({
        type: 'record.updated',
        items: [{ recordId: 'rec_1', recordVersion, previous: ada, record: { ...ada, Name }, changes: [] }],
      });
    await sendEvent(crm.url, at(3, 'newer'), { secret: SECRET, id: 'dlv_3', headers: authorised });
    await sendEvent(crm.url, at(2, 'older'), { secret: SECRET, id: 'dlv_2', headers: authorised });
    expect(crm.customers()).toMatchObject([{ version: 3, name: 'newer' }]);
  });
});
