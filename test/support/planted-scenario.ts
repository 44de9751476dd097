import { randomUUID } from 'node:crypto';
import type { CreatedApiKey } from '../../src/contracts/api-key.ts';
import type { JsonObject } from '../../src/contracts/json.ts';
import type { WrittenRecord } from '../../src/contracts/record.ts';
import type { Table } from '../../src/contracts/table.ts';
import type { CreatedWebhook, RotatedSecret, Webhook } from '../../src/contracts/webhook.ts';
import type { Client } from './client.ts';
import { createClient } from './client.ts';
import type { Planted } from './planted.ts';
import { plant } from './planted.ts';
import type { Answer, Receiver } from './receiver.ts';
import { hang } from './receiver.ts';

const FAST = { initialMs: 20, factor: 1, jitter: 0, timeoutMs: 1_000 };

/** What was planted: `credentials` may be nowhere in the open, `contents` in MongoDB only, `refused` was never taken. */
export interface PlantedScenario {
  credentials: Planted;
  contents: Planted;
  refused: Planted;
  /** Answers to input that was refused. */
  refusals: string[];
  webhook: Webhook;
  table: Table;
}

/**
 * Goes through every feature of a running Tablehook with secrets in everything: registration, edits, tests, deliveries that
 * succeed and fail in every way, replays, bad input.
 */
export async function runPlantedScenario(
  client: Client,
  receiver: Receiver,
  url: string,
): Promise<PlantedScenario> {
  const credentials: Planted = plant('path', 'query', 'movedPath', 'header', 'editedHeader');
  const contents: Planted = {
    ...plant('title', 'update', 'batch', 'reported', 'operator', 'plainHeader', 'template'),
    ...plant('answer', 'answerHeader', 'goneAnswer', 'redirect'),
  };
  const stage = await openPlantedStage(client, { receiver, credentials, contents });
  await register(stage);
  await deliver(stage);
  await failInEveryWay(stage);
  await sendAgain(stage);
  const { refused, refusals } = await sendBadInput(stage, url);
  await loseAField(stage);
  await expunge(stage);
  const { webhook, table } = stage;
  return { credentials, contents, refused, refusals, webhook, table };
}

interface PlantedStage {
  client: Client;
  receiver: Receiver;
  credentials: Planted;
  contents: Planted;
  table: Table;
  webhook: CreatedWebhook;
  record: WrittenRecord;
  /** A call that must succeed, with an Idempotency-Key where it creates something. */
  must: <T>(method: string, path: string, body?: unknown, headers?: Record<string, string>) => Promise<T>;
  write: (values: JsonObject) => Promise<WrittenRecord>;
}

interface OpenInput {
  receiver: Receiver;
  credentials: Planted;
  contents: Planted;
}

async function openPlantedStage(
  client: Client,
  { receiver, credentials, contents }: OpenInput,
): Promise<PlantedStage> {
  const must: PlantedStage['must'] = async <T>(
    method: string,
    path: string,
    body?: unknown,
    headers = {},
  ) => {
    const once = method === 'POST' ? { 'idempotency-key': randomUUID() } : {};
    const reply = await client.call<T>(method, path, body, { ...once, ...headers });
    if (reply.status >= 300)
      throw new Error(`${method} ${path}: ${reply.status} ${JSON.stringify(reply.body)}`);
    return reply.body;
  };
  const answer = {
    headers: { 'x-answer': contents['answerHeader'] ?? '', 'set-cookie': `s=${contents['answerHeader']}` },
    body: contents['answer'] ?? '',
  };
  receiver.answerAlways({ status: 200, ...answer });
  const table = await client.createTable();
  const webhook = await must<CreatedWebhook>('POST', `/v1/tables/${table.id}/webhooks`, {
    name: 'CRM',
    url: `${receiver.url}/${credentials['path']}?token=${credentials['query']}`,
    events: ['record.*'],
    headers: [
      { name: 'x-secret', value: credentials['header'], secret: true },
      { name: 'x-plain', value: contents['plainHeader'] },
    ],
    retry: FAST,
  });
  const operatorId = contents['operator'];
  const write = async (values: JsonObject) =>
    must<WrittenRecord>('POST', `/v1/tables/${table.id}/records`, { values, operatorId });
  const record = await write({ Title: contents['title'] ?? '' });
  return { client, receiver, credentials, contents, table, webhook, record, must, write };
}

/** Keys, edits, a copy, secrets replaced, a test, a preview. */
async function register({
  must,
  credentials,
  webhook,
  table,
  receiver,
  record,
}: PlantedStage): Promise<void> {
  const path = `/v1/webhooks/${webhook.id}`;
  credentials['signingSecret'] = bare(webhook.secret);
  const key = await must<CreatedApiKey>('POST', '/v1/api-keys', { name: 'reader', scopes: ['records:read'] });
  credentials['apiKey'] = key.key;
  const copy = await must<CreatedWebhook>('POST', `${path}/duplicate`, {});
  credentials['copySecret'] = bare(copy.secret);
  for (const name of ['rotatedSecret', 'rotatedTwice']) {
    const rotated = await must<RotatedSecret>('POST', `${path}/rotate-secret`, { overlapSeconds: 3_600 });
    credentials[name] = bare(rotated.secret);
  }
  await must('PATCH', path, {
    url: `${receiver.url}/${credentials['movedPath']}?token=${credentials['query']}`,
    headers: [{ name: 'x-secret', value: credentials['editedHeader'], secret: true }],
  });
  await must('POST', `${path}/test`, { recordId: record.id });
  await must('POST', `${path}/preview`, {
    condition: { filter: { Title: record.values['Title'] }, when: 'matches' },
  });
  for (const read of [
    path,
    `${path}/health`,
    `${path}/schema`,
    `/v1/tables/${table.id}/webhooks`,
    '/v1/diagnosis',
  ])
    await must('GET', read);
}

/** The `whsec_` in front is no secret. */
function bare(secret: string): string {
  return secret.slice('whsec_'.length);
}

async function deliver({
  client,
  must,
  write,
  contents,
  table,
  webhook,
  record,
}: PlantedStage): Promise<void> {
  const records = `/v1/tables/${table.id}/records`;
  await client.deliveryOf(record.changeId, webhook.id);
  const updated = await must<WrittenRecord>('PATCH', `${records}/${record.id}`, {
    values: { Title: contents['update'] },
  });
  await client.deliveryOf(updated.changeId, webhook.id);
  await must('POST', `${records}/batch`, {
    operations: [{ op: 'create', values: { Title: contents['batch'] } }],
  });
  const reported = await must<{ results: { changeId: string }[] }>('POST', `/v1/tables/${table.id}/changes`, {
    changes: [
      {
        changeKey: randomUUID(),
        recordId: `x-${randomUUID()}`,
        type: 'record.created',
        record: { Title: contents['reported'] },
      },
    ],
  });
  await client.deliveryOf(reported.results[0]?.changeId ?? null, webhook.id);
  await must('POST', `/v1/webhooks/${webhook.id}/pause`, { reason: 'maintenance' });
  const held = await write({ Title: contents['title'] ?? '' });
  await client.deliveryOf(held.changeId, webhook.id, 'waiting');
  await must('POST', `/v1/webhooks/${webhook.id}/resume`, {});
  await client.deliveryOf(held.changeId, webhook.id);
}

async function failInEveryWay(stage: PlantedStage): Promise<void> {
  const { client, receiver, must, write, contents, webhook } = stage;
  const body = contents['answer'] ?? '';
  const location = `http://127.0.0.1:1/${contents['redirect']}`;
  const fail = async (...answers: Parameters<Receiver['answerNext']>) => {
    receiver.answerNext(...answers);
    const { changeId } = await write({ Title: contents['title'] ?? '' });
    await client.deliveryOf(changeId, webhook.id, 'failed', 'delivered');
  };
  await fail({ status: 503, body }, { status: 200, body });
  await fail({ status: 404, body });
  await fail({ status: 302, headers: { location }, body });
  await fail(echo);
  await fail(hang, { status: 200, body });
  await fail((request) => request.socket.destroy(), { status: 200, body });
  await fail((_request, response) => response.socket?.end(`HTTP/1.1 ${body}\r\n\r\n`), { status: 200 });
  receiver.answerNext(hang);
  await must('POST', `/v1/webhooks/${webhook.id}/test`, {});
  await failTemplates(stage);
  receiver.answerNext({ status: 410, body: contents['goneAnswer'] ?? '' });
  const { changeId } = await write({ Title: contents['title'] ?? '' });
  await client.deliveryOf(changeId, webhook.id, 'failed');
  await must('PATCH', `/v1/webhooks/${webhook.id}`, { enabled: true });
}

/** Many a 404 quotes the path it was asked for, and many a redirect has it; some quote headers. */
const echo: Answer = (request, response) => {
  const secret = String(request.headers['x-secret']);
  response.writeHead(404, { location: `https://127.0.0.1${request.url}`, 'x-echo': secret });
  response.end(`Cannot POST ${request.url}: {"x-secret": "${secret}"}`);
};

/** One that breaks on a value only, so that it is taken; one that takes the value into what is no JSON. */
async function failTemplates({ client, must, write, contents, webhook }: PlantedStage): Promise<void> {
  const path = `/v1/webhooks/${webhook.id}`;
  const broken = `{ "${contents['template']}": {% if item.record.Title == "${contents['title']}" %}{{ item.record.Title }}{% else %}1{% endif %} }`;
  await must('PATCH', path, { payload: { format: 'template', template: broken } });
  const { changeId } = await write({ Title: contents['title'] ?? '' });
  const { id } = await client.deliveryOf(changeId, webhook.id, 'failed');
  const refused = await client.call('POST', `/v1/deliveries/${id}/redeliver`, {});
  if (refused.status !== 409) throw new Error(`a template that fails was rendered: ${refused.status}`);
  await must('PATCH', path, { payload: { format: 'standard', template: null } });
}

async function sendAgain({ client, must, record, webhook }: PlantedStage): Promise<void> {
  const [failed] = await client.listDeliveries(`webhookId=${webhook.id}&state=failed&limit=1`);
  await must('POST', `/v1/deliveries/${failed?.id}/redeliver`, {});
  await must('POST', '/v1/replays', {
    webhookId: webhook.id,
    filter: { states: ['delivered'], recordId: record.id },
  });
  await must('POST', '/v1/replays', { webhookId: webhook.id, backfill: { records: true } });
}

async function loseAField({ client, must, table, webhook, contents }: PlantedStage): Promise<void> {
  const path = `/v1/webhooks/${webhook.id}`;
  const condition = { filter: { Title: contents['title'] }, when: 'matches' };
  await must('PATCH', path, { watchFields: ['Title'], condition });
  const fields = table.fields.filter(({ name }) => name !== 'Title');
  await must('PATCH', `/v1/tables/${table.id}`, { fields });
  const { status } = await client.call('POST', `${path}/test`, {});
  if (status >= 500) throw new Error('a test of a webhook that needs attention is an error of the server');
  await must('PATCH', path, { watchFields: [], condition: null });
}

async function sendBadInput(
  { client, table, webhook, record }: PlantedStage,
  url: string,
): Promise<Pick<PlantedScenario, 'refused' | 'refusals'>> {
  const refused = plant(
    'badUrl',
    'badHeader',
    'badValue',
    'badJson',
    'badKey',
    'badPath',
    'badFilter',
    'badTemplate',
  );
  const refusals: string[] = [];
  const send = async (method: string, path: string, body?: unknown) => {
    const { status, body: answer } = await client.call(method, path, body);
    if (status < 400 || status >= 500) throw new Error(`${method} ${path} was answered ${status}`);
    refusals.push(JSON.stringify(answer));
  };
  const webhooks = `/v1/tables/${table.id}/webhooks`;
  const valid = { name: 'x', events: ['record.*'], url: 'https://example.com/' };
  for (const bad of [
    `ftp://example.com/${refused.badUrl}`,
    `http://user:${refused.badUrl}@example.com/`,
    `http://169.254.169.254/${refused.badUrl}`,
    `http://10.0.0.1/${refused.badUrl}`,
    `no url ${refused.badUrl}`,
  ]) {
    await send('POST', webhooks, { ...valid, url: bad });
    await send('PATCH', `/v1/webhooks/${webhook.id}`, { url: bad });
  }
  for (const header of [
    { name: 'host', value: refused.badHeader, secret: true },
    { name: 'x-a', value: `${refused.badHeader}\r\nx: y`, secret: true },
    { name: 'x-a', value: refused.badHeader, secret: refused.badHeader },
  ])
    await send('POST', webhooks, { ...valid, headers: [header] });
  const value = refused.badValue;
  for (const values of [{ Count: value }, { Status: value }, { Title: [{ deep: value }] }, { Gone: value }])
    await send('POST', `/v1/tables/${table.id}/records`, { values });
  await send('PATCH', `/v1/tables/${table.id}/records/${record.id}`, {
    values: { Status: value },
    operatorId: [value],
  });
  for (const text of [
    `{"values": ${refused.badJson}`,
    `{"values":{"Title":"${refused.badJson}`,
    refused.badJson,
  ])
    await send('POST', `/v1/tables/${table.id}/records`, text);
  const filters = [
    { Status: { $where: refused.badFilter } },
    { Count: { $gt: refused.badFilter } },
    refused.badFilter,
  ];
  for (const filter of filters)
    await send('POST', webhooks, { ...valid, condition: { filter, when: 'matches' } });
  const template = `{ "a": "${refused.badTemplate}" {{ event.id | nosuch }} }`;
  await send('POST', webhooks, { ...valid, payload: { format: 'template', template } });
  await createClient(url, refused.badKey).call('GET', '/v1/tables');
  await createClient(url, `thk_${refused.badKey}`).call('GET', '/v1/tables');
  for (const path of [
    `/v1/${refused.badPath}`,
    `/v1/tables/${refused.badPath}`,
    `/v1/tables?limit=${refused.badPath}`,
  ])
    await fetch(`${url}${path}`, { headers: { authorization: `Bearer ${refused.badKey}` } });
  for (const path of [
    `/v1/tables/${refused.badPath}`,
    `/v1/tables/%ff${refused.badPath}`,
    `/v1/deliveries?state=${refused.badPath}`,
  ])
    await client.call('GET', path).catch(() => null);
  return { refused, refusals };
}

async function expunge({ must, table, record }: PlantedStage): Promise<void> {
  const path = `/v1/tables/${table.id}/records/${record.id}`;
  await must('DELETE', path);
  await must('POST', `${path}/expunge`, { force: true });
}
