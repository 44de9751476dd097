import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Delivery } from '../../../src/contracts/delivery.ts';
import type { Page } from '../../../src/contracts/page.ts';
import { freePorts } from '../../../src/embedded/free-ports.ts';
import { makeFolder } from '../../support/own-servers.ts';
import type { Receiver } from '../../support/receiver.ts';
import { startReceiver } from '../../support/receiver.ts';
import { runCommand } from '../../support/run-command.ts';
import type { Tablehook } from '../../support/tablehook.ts';
import { startTablehook } from '../../support/tablehook.ts';
import { until } from '../../support/until.ts';

describe('the command line', () => {
  let tablehook: Tablehook;
  let receiver: Receiver;
  let folder: Awaited<ReturnType<typeof makeFolder>>;
  let env: Record<string, string>;

  beforeAll(async () => {
    tablehook = await startTablehook();
    receiver = await startReceiver();
    folder = await makeFolder();
    env = { TABLEHOOK_URL: tablehook.url, TABLEHOOK_API_KEY: tablehook.apiKey };
  });
  afterAll(async () => {
    await tablehook.stop();
    await receiver.close();
    await folder.remove();
  });

  const run = async (args: string[], input?: string) =>
    runCommand(args, { env, cwd: folder.path, ...(input !== undefined && { input }) });
  /** What a command that succeeds prints. */
  const must = async (...args: string[]) => {
    const { code, stdout, stderr } = await run(args);
    expect({ args, code, stderr }).toEqual({ args, code: 0, stderr: '' });
    return stdout.trim();
  };
  const json = async <T = Record<string, unknown>>(...args: string[]) =>
    JSON.parse(await must(...args, '--json')) as T;
  const tasks = [
    '--field',
    'Title:text',
    '--field',
    'Status:select=pending,completed',
    '--field',
    'Count:number',
  ];

  it('makes a table, a webhook and a record, and tells what became of its change', async () => {
    const tableId = await must('tables', 'create', 'Walk', ...tasks, '-q');
    expect(await must('tables', 'show', 'Walk')).toMatch(/Status +select +pending, completed/);
    expect(await must('tables', 'list')).toContain(tableId);
    const created = await must(
      ...['webhooks', 'create', '--table', 'Walk', '--name', 'CRM', '--endpoint', receiver.url],
      ...[
        '--event',
        'record.*',
        '--header',
        'Authorization: Bearer s3cret',
        '--plain-header',
        'X-Team: sales',
      ],
    );
    expect(created).toMatch(/The signing secret: whsec_\S+\n.*shown only now/);
    const webhookId = /whk_\w+/.exec(created)?.[0] ?? '';
    const shown = await must('webhooks', 'show', webhookId);
    expect(shown).toContain('Authorization: (secret), X-Team: sales');
    expect(shown).not.toMatch(/whsec_|s3cret/);
    expect(await must('webhooks', 'list')).toContain(webhookId);
    const recordId = await must(
      ...['records', 'create', '--table', 'Walk', '--value', 'Title=Ship', '--value', 'Count=3'],
      ...['--operator', 'ana', '--quiet'],
    );
    const updated = await json<{ changeId: string; values: object }>(
      ...[
        'records',
        'update',
        recordId,
        '--table',
        tableId,
        '--value',
        'Status=completed',
        '--clear',
        'Count',
      ],
    );
    expect(updated.values).toEqual({ Title: 'Ship', Status: 'completed' });
    const { id: deliveryId } = await tablehook.deliveryOf(updated.changeId, webhookId);
    expect(receiver.received.at(-1)?.headers).toMatchObject({
      authorization: 'Bearer s3cret',
      'x-team': 'sales',
    });
    expect(await must('records', 'list', '--table', 'Walk')).toMatch(/rec_\w+ +2 .*Ship +completed/);
    expect(await must('changes', 'show', updated.changeId)).toMatch(
      /Status: null → "completed"[^]*dlv_\w+ .*delivered/,
    );
    const story = await must('deliveries', 'show', deliveryId);
    expect(story).toContain('attempt 1: answered 200');
    expect(story).toContain('it said: ok');
    expect(await must('records', 'delete', recordId, '--table', 'Walk')).toMatch(/Deleted rec_.* chg_/);
    expect(await must('webhooks', 'delete', webhookId)).toContain('Deleted');
    expect(await must('tables', 'delete', 'Walk')).toContain(`Deleted ${tableId}`);
  });

  it('pauses, shows, resumes and redelivers', async () => {
    const table = await tablehook.createTable('Control');
    const webhook = await tablehook.createWebhook(table.id, { url: receiver.url });
    expect(await must('webhooks', 'pause', webhook.id, '--reason', 'moving')).toContain('paused (moving)');
    const { changeId } = await tablehook.createRecord(table.id);
    const delivery = await tablehook.deliveryOf(changeId, webhook.id, 'waiting');
    expect(await must('deliveries', 'show', delivery.id)).toContain('waits: its webhook is paused');
    expect(await must('webhooks', 'health', webhook.id)).toContain('paused (moving)');
    expect(await must('webhooks', 'resume', webhook.id, '--rate', '50')).toContain(
      'Resumed: 1 delivery waited',
    );
    await tablehook.deliveryOf(changeId, webhook.id);
    expect(await must('deliveries', 'redeliver', delivery.id)).toContain(`${delivery.id} is `);
    await until(async () => (await tablehook.getDelivery(delivery.id)).attemptCount === 2);
    const disabled = await must('webhooks', 'update', webhook.id, '--disable', '--name', 'Old CRM');
    expect(disabled).toMatch(/name +Old CRM[^]*status +disabled\n/);
  });

  it('registers what a webhook asks for and sends by flags, previews it, tests it, copies it, and gives it a new secret', async () => {
    await must('tables', 'create', 'Deals', ...tasks, '-q');
    const create = ['webhooks', 'create', '--table', 'Deals', '--name', 'Done', '--endpoint', receiver.url];
    const asks = ['--event', 'record.updated', '--watch', 'Status', '--format', 'slack'];
    const webhookId = await must(
      ...create,
      ...asks,
      ...['--filter', '{"Status":"completed"}', '--when', 'enters', '-q'],
    );
    const shown = await must('webhooks', 'show', webhookId);
    expect(shown).toMatch(/watches +fld_\w+\n/);
    expect(shown).toMatch(/condition +enters \{"fld_\w+":"completed"\}/);
    expect(shown).toMatch(/payload +\{"format":"slack"/);
    const recordId = await must('records', 'create', '--table', 'Deals', '--value', 'Status=pending', '-q');
    await must('records', 'update', recordId, '--table', 'Deals', '--value', 'Status=completed');
    const preview = await must('webhooks', 'preview', webhookId);
    expect(preview).toMatch(/record\.updated +yes/);
    expect(preview).toMatch(
      /record\.created +no +It asks for record\.updated, not for record\.created\. The record/,
    );
    const tested = await must('webhooks', 'test', webhookId, '--record', recordId);
    expect(tested).toContain(`sent POST ${receiver.url}`);
    expect(tested).toMatch(/tablehook-test: true/);
    expect(tested).toMatch(/answered after [\d.]+ ms with 200/);
    expect(await must('webhooks', 'rotate-secret', webhookId, '--overlap-seconds', '0')).toMatch(
      /whsec_\S+\nThe old one signs no more\./,
    );
    expect(await must('webhooks', 'duplicate', webhookId)).toMatch(/name +Done \(copy\)[^]*whsec_/);

    const refusals = [
      [['--when', 'enters'], '--when says what a record does to the --filter; give both.'],
      [['--filter', '{"Status"'], '--filter is not JSON'],
      [['--filter', '["Status"]'], '--filter must be a JSON object'],
    ] as const;
    for (const [flags, message] of refusals) {
      const { code, stderr } = await run([...create, ...asks, ...flags]);
      expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
    }
  });

  it('answers lists as one JSON document, over as many pages as it takes', async () => {
    const table = await tablehook.createTable('Many');
    const operations = Array.from({ length: 250 }, (_, index) => ({
      op: 'create',
      values: { Title: `T${index}` },
    }));
    await tablehook.call('POST', `/v1/tables/${table.id}/records/batch`, { operations });
    const all = await json<Page<{ id: string }>>('records', 'list', '--table', 'Many', '--all');
    expect(new Set(all.data.map(({ id }) => id)).size).toBe(250);
    expect(all.nextCursor).toBeNull();
    const first = await json<Page<{ id: string }>>('records', 'list', '--table', 'Many', '--limit', '210');
    expect(first.data).toEqual(all.data.slice(0, 210));
    const rest = ['--table', 'Many', '--cursor', first.nextCursor ?? ''];
    expect((await json<Page<{ id: string }>>('records', 'list', ...rest)).data).toEqual(all.data.slice(210));
    const { code, stderr } = await run(['records', 'list', '--table', 'Many', '--limit', '2']);
    expect([code, stderr]).toEqual([0, expect.stringContaining('There are more')]);
  });

  it('takes the request as JSON: given itself, from a file, from stdin, with flags on top', async () => {
    const given = { name: 'Data', fields: [{ name: 'Title', type: 'text' }] };
    const table = await json<{ id: string; name: string }>(
      'tables',
      'create',
      '--data',
      JSON.stringify(given),
    );
    expect(table.name).toBe('Data');
    await writeFile(join(folder.path, 'table.json'), JSON.stringify(given));
    expect(await json('tables', 'create', 'Other', '--data', '@table.json')).toMatchObject({ name: 'Other' });
    const { stdout } = await run(
      ['records', 'create', '--table', 'Data', '--data', '-', '--operator', 'ana', '--json'],
      '{"values":{"Title":"from stdin"},"operatorId":"bo"}',
    );
    const record = JSON.parse(stdout) as { changeId: string; values: object };
    expect(record.values).toEqual({ Title: 'from stdin' });
    expect((await tablehook.getChange(record.changeId)).operatorId).toBe('ana');
    const { data } = await json<Page<Delivery>>('deliveries', 'list', '--table', 'Data', '--since', '1h');
    expect(data).toEqual([]);
  });

  it('finds the key that `npm start` keeps, for a loopback address only', async () => {
    await mkdir(join(folder.path, 'kept'));
    await writeFile(join(folder.path, 'kept', 'api-key'), `${tablehook.apiKey}\n`);
    const kept = { TABLEHOOK_URL: tablehook.url, DATA_DIR: 'kept' };
    const near = await runCommand(['tables', 'list'], { env: kept, cwd: folder.path });
    expect([near.code, near.stderr]).toEqual([0, '']);
    const far = await runCommand(['tables', 'list', '--url', 'http://192.0.2.1'], {
      env: kept,
      cwd: folder.path,
    });
    expect([far.code, far.stderr]).toEqual([2, expect.stringContaining('There is no API key')]);
  });

  it('ends with 1 and all that the server said when it refuses', async () => {
    const { code, stdout, stderr } = await run(['tables', 'create', '--data', '{"name":"","wrong":1}']);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^tablehook: Invalid request \(400\)\. The request is not valid\.\n/);
    expect(stderr).toMatch(/ {2}\S*name: must not be empty\n/);
    expect(stderr).toMatch(/ {2}\S*wrong: is not a known field\n/);
    expect(stderr).toMatch(/ {2}request [0-9a-f-]{36}\n$/);
  });

  it('ends with 1 when a table is not there, or its name is not the only one', async () => {
    const missing = await run(['records', 'list', '--table', 'Nowhere']);
    expect([missing.code, missing.stderr]).toEqual([
      1,
      expect.stringContaining('no table named "Nowhere". There are:'),
    ]);
    const [one, two] = [await tablehook.createTable('Twins'), await tablehook.createTable('Twins')];
    const twins = await run(['records', 'list', '--table', 'Twins']);
    expect([twins.code, twins.stderr]).toEqual([1, expect.stringContaining(`${one.id}, ${two.id}`)]);
    expect((await run(['records', 'list', '--table', two.id])).code).toBe(0);
  });

  it.each([
    [['tabels'], "unknown command 'tabels'"],
    [['tables'], 'Usage: tablehook tables'],
    [['tables', 'list', '--wrong'], "unknown option '--wrong'"],
    [['tables', 'list', '--limit', 'x'], '--limit must be a whole number'],
    [['tables', 'create', 'A', '--field', 'Title'], 'is not NAME:TYPE'],
    [['tables', 'create', '--data', '{'], '--data is not JSON'],
    [['tables', 'create', '--data', '[]'], '--data must be a JSON object'],
    [['tables', 'create', '--data', '@nowhere.json'], '--data cannot read the file nowhere.json'],
    [['records', 'list'], "required option '--table <table>'"],
    [['deliveries', 'list', '--state', 'lost'], 'Allowed choices are pending'],
    [['deliveries', 'list', '--since', 'yesterday'], 'is not a time'],
    [['webhooks', 'update', 'whk_1'], 'Say what to edit'],
    [['listen', '--event', 'record.created'], 'need --table'],
    [['listen', '--secret', 's3cret'], '--secret is whsec_'],
    [['tables', 'list', '--url', 'nowhere'], '--url must begin with http'],
  ])('ends with 2 and says what is wrong: %j', async (args, message) => {
    const { code, stdout, stderr } = await run(args);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(message);
    expect(stderr).not.toMatch(/s3cret|\n +at /);
  });

  it('says how to give a key when there is none', async () => {
    const { code, stderr } = await runCommand(['tables', 'list'], { cwd: folder.path });
    expect([code, stderr]).toEqual([2, expect.stringContaining('Set TABLEHOOK_API_KEY or give --api-key')]);
  });

  it('ends with 3 and names the address when nobody answers', async () => {
    const [port] = await freePorts(1);
    const { code, stderr } = await run(['tables', 'list', '--url', `http://127.0.0.1:${port}`]);
    expect([code, stderr]).toEqual([
      3,
      expect.stringContaining(`does not answer at http://127.0.0.1:${port} (ECONNREFUSED)`),
    ]);
  });

  it('has help with examples and exit codes for every command that calls the API', async () => {
    const { stdout } = await run(['--help']);
    const groups = ['tables', 'records', 'webhooks', 'deliveries', 'changes', 'listen'];
    for (const group of groups) expect(stdout).toContain(`  ${group}`);
    const helps = [['tables', 'create'], ['webhooks', 'rotate-secret'], ['deliveries', 'tail'], ['listen']];
    for (const command of helps) {
      const help = await must(...command, '--help');
      expect(help).toContain('Examples:\n  tablehook ');
      expect(help).toContain('Exit codes: 0 done, 1 refused');
    }
  });

  it('loads neither MongoDB nor Temporal for a command that calls the API', async () => {
    const hook = `data:text/javascript,import M from 'node:module';process.on('exit',()=>console.error(Object.keys(M._cache).join('\\n')))`;
    const loaded = async (args: string[]) =>
      (await runCommand(args, { env, cwd: folder.path, nodeOptions: ['--import', hook] })).stderr;
    const client = await loaded(['tables', 'list']);
    expect(client).toContain('/commander/');
    expect(client.match(/mongoose|@temporalio|express|pino/g)).toBeNull();
    // The same look does see them where they are needed: the command fails, but only after loading.
    expect(await loaded(['worker'])).toContain('@temporalio');
  });
});
