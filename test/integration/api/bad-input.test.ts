import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { routes } from '../../../src/api/routes.ts';
import type { Problem } from '../../../src/contracts/problem.ts';
import { newId } from '../../../src/services/id.ts';
import { fingerprint } from '../../support/fingerprint.ts';
import type { Tablehook } from '../../support/tablehook.ts';
import { startTablehook } from '../../support/tablehook.ts';

const WEBHOOKS = '/v1/tables/:tableId/webhooks';

describe('bad input', () => {
  let tablehook: Tablehook;
  let ids: Record<string, string>;

  beforeAll(async () => {
    tablehook = await startTablehook();
    const table = await tablehook.createTable();
    const webhook = await tablehook.createWebhook(table.id, {
      url: 'http://127.0.0.1:9/hook',
      enabled: false,
    });
    const record = await tablehook.createRecord(table.id);
    const key = await tablehook.createKey({ name: 'spare', scopes: ['admin'] });
    ids = {
      tableId: table.id,
      recordId: record.id,
      webhookId: webhook.id,
      keyId: key.id,
      changeId: record.changeId ?? '',
      deliveryId: newId('dlv'),
      replayId: newId('rpl'),
    };
  });
  afterAll(async () => tablehook.stop());

  const fill = (path: string, values: Record<string, string>) =>
    path.replaceAll(/:(\w+)/g, (match, name: string) => values[name] ?? match);

  const expectProblem = async (send: () => ReturnType<Tablehook['call']>, status: number) => {
    const before = await fingerprint(tablehook);
    const reply = await send();
    const label = JSON.stringify(reply.body);
    expect(reply.status, label).toBe(status);
    expect(reply.headers.get('content-type')).toContain('application/problem+json');
    expect(reply.body as Problem).toMatchObject({
      type: expect.stringMatching(/^https:/),
      title: expect.any(String),
      status,
      detail: expect.any(String),
      code: expect.any(String),
      errors: expect.any(Array),
      requestId: reply.headers.get('x-request-id'),
    });
    expect(await fingerprint(tablehook)).toBe(before);
    return reply.body as Problem;
  };

  const bodyOf = (method: string) => (method === 'post' || method === 'patch' ? {} : undefined);

  describe.each(routes.map((route) => [`${route.method.toUpperCase()} ${route.path}`, route] as const))(
    '%s',
    (_, { method, path, operationId }) => {
      const verb = method.toUpperCase();

      it('refuses an unknown query parameter by its name', async () => {
        const problem = await expectProblem(
          () => tablehook.call(verb, `${fill(path, ids)}?nonsense=1`, bodyOf(method)),
          400,
        );
        expect(problem.errors.map((error) => error.path)).toContain('query.nonsense');
      });

      it.runIf(path.includes(':'))('refuses a malformed id by the name of its parameter', async () => {
        const names = [...path.matchAll(/:(\w+)/g)].map(([, name]) => name ?? '');
        for (const name of names) {
          // A record kept elsewhere may have any id.
          if (name === 'recordId' && operationId === 'expungeRecord') continue;
          const target = fill(path, { ...ids, [name]: 'nonsense' });
          const problem = await expectProblem(() => tablehook.call(verb, target, bodyOf(method)), 400);
          expect(problem.errors.map((error) => error.path)).toContain(`path.${name}`);
        }
      });

      it.runIf(method === 'post' || method === 'patch')(
        'refuses malformed JSON, an unknown field and a body that is no object',
        async () => {
          const target = fill(path, ids);
          await expectProblem(() => tablehook.call(verb, target, '{"name":'), 400);
          const problem = await expectProblem(() => tablehook.call(verb, target, { nonsense: 1 }), 400);
          expect(problem.errors.map((error) => error.path)).toContain('nonsense');
          await expectProblem(() => tablehook.call(verb, target, [1]), 400);
          await expectProblem(() => tablehook.call(verb, target, '{"__proto__":{"x":1}}'), 400);
        },
      );

      it('answers 401 without a key and 401 to one that does not exist', async () => {
        const target = fill(path, ids);
        const stranger = tablehook.as(`thk_${'x'.repeat(43)}`);
        await expectProblem(() => stranger.call(verb, target, bodyOf(method)), 401);
        await expectProblem(() => tablehook.call(verb, target, bodyOf(method), { authorization: '' }), 401);
      });
    },
  );

  it.each([
    [
      'a field of an unknown type',
      'POST',
      '/v1/tables',
      { name: 'T', fields: [{ name: 'A', type: 'money' }] },
      400,
    ],
    [
      'a select without options',
      'POST',
      '/v1/tables',
      { name: 'T', fields: [{ name: 'A', type: 'select' }] },
      400,
    ],
    [
      'two fields of one name',
      'POST',
      '/v1/tables',
      {
        name: 'T',
        fields: [
          { name: 'A', type: 'text' },
          { name: 'A', type: 'text' },
        ],
      },
      400,
    ],
    [
      'a webhook of no events',
      'POST',
      '/v1/tables/:tableId/webhooks',
      { name: 'W', url: 'http://127.0.0.1/', events: [] },
      400,
    ],
    [
      'a webhook over ftp',
      'POST',
      '/v1/tables/:tableId/webhooks',
      { name: 'W', url: 'ftp://127.0.0.1/', events: ['record.*'] },
      400,
    ],
    [
      'a webhook with credentials',
      'POST',
      '/v1/tables/:tableId/webhooks',
      { name: 'W', url: 'http://a:b@127.0.0.1/', events: ['record.*'] },
      400,
    ],
    [
      'a webhook to the metadata service',
      'POST',
      '/v1/tables/:tableId/webhooks',
      { name: 'W', url: 'http://169.254.169.254/', events: ['record.*'] },
      400,
    ],
    [
      'a webhook to a refused port',
      'POST',
      '/v1/tables/:tableId/webhooks',
      { name: 'W', url: 'http://127.0.0.1:22/', events: ['record.*'] },
      400,
    ],
    [
      'a header of ours',
      'POST',
      '/v1/tables/:tableId/webhooks',
      {
        name: 'W',
        url: 'http://127.0.0.1/',
        events: ['record.*'],
        headers: [{ name: 'Webhook-Id', value: 'x' }],
      },
      400,
    ],
    ['a value of the wrong type', 'POST', '/v1/tables/:tableId/records', { values: { Count: 'three' } }, 400],
    ['a value of an unknown field', 'POST', '/v1/tables/:tableId/records', { values: { Nope: 1 } }, 400],
    [
      'a record of over 256 KiB',
      'POST',
      '/v1/tables/:tableId/records',
      { values: { Title: 'x'.repeat(300_000) } },
      413,
    ],
    [
      'a batch on one record twice',
      'POST',
      '/v1/tables/:tableId/records/batch',
      {
        operations: [
          { op: 'delete', recordId: ':recordId' },
          { op: 'delete', recordId: ':recordId' },
        ],
      },
      400,
    ],
    [
      'a report under an id of ours',
      'POST',
      '/v1/tables/:tableId/changes',
      { changes: [{ changeKey: 'a', type: 'record.deleted', recordId: ':recordId', previous: {} }] },
      400,
    ],
    ['a template without its format', 'POST', WEBHOOKS, withPayload({ template: '{}' }), 400],
    ['a format without its template', 'POST', WEBHOOKS, withPayload({ format: 'template' }), 400],
    ['a template that does not parse', 'POST', WEBHOOKS, withTemplate('{% if %}'), 422],
    ['a template that yields no JSON', 'POST', WEBHOOKS, withTemplate('{{ event.id }}'), 422],
    ['a template of a file', 'POST', WEBHOOKS, withTemplate("{% include '/etc/passwd' %}"), 422],
    ['a format nobody knows', 'POST', WEBHOOKS, withPayload({ format: 'xml' }), 400],
    ['a payload of a field nobody knows', 'POST', WEBHOOKS, withPayload({ fields: ['Nope'] }), 422],
    ['a replay of nothing', 'POST', '/v1/replays', { webhookId: ':webhookId' }, 400],
    [
      'a replay of two kinds',
      'POST',
      '/v1/replays',
      { webhookId: ':webhookId', filter: {}, backfill: { records: true } },
      400,
    ],
    [
      'a replay of open deliveries',
      'POST',
      '/v1/replays',
      { webhookId: ':webhookId', filter: { states: ['retrying'] } },
      400,
    ],
    [
      'an expunging of a record whose id holds a control character',
      'POST',
      '/v1/tables/:tableId/records/%07/expunge',
      {},
      400,
    ],
    ['an expunging by half', 'POST', '/v1/tables/:tableId/expunge', { force: 'yes' }, 400],
    ['a key of no scopes', 'POST', '/v1/api-keys', { name: 'K', scopes: [] }, 400],
  ])('refuses %s', async (_, method, path, body, status) => {
    const filled: unknown = JSON.parse(fill(JSON.stringify(body), ids));
    await expectProblem(() => tablehook.call(method, fill(path, ids), filled), status);
  });

  it('answers 404 to what does not exist, and 405 to a method a path does not have', async () => {
    await expectProblem(() => tablehook.call('GET', '/v1/nonsense'), 404);
    await expectProblem(() => tablehook.call('GET', `/v1/tables/${newId('tbl')}`), 404);
    await expectProblem(() => tablehook.call('PATCH', `/v1/webhooks/${newId('whk')}`, { name: 'x' }), 404);
    await expectProblem(() => tablehook.call('GET', `/v1/deliveries/${newId('dlv')}`), 404);
    await expectProblem(() => tablehook.call('GET', `/v1/replays/${newId('rpl')}`), 404);
    for (const path of [
      `/v1/deliveries/${newId('dlv')}`,
      `/v1/tables/${newId('tbl')}`,
      `/v1/tables/${ids['tableId'] ?? ''}/records/inv-1`,
    ]) {
      await expectProblem(() => tablehook.call('POST', `${path}/expunge`), 404);
    }
    await expectProblem(() => tablehook.call('PUT', '/v1/tables', {}), 405);
  });

  it('refuses a change that came through more than 8 deliveries', async () => {
    const target = `/v1/tables/${ids['tableId'] ?? ''}/records`;
    const problem = await expectProblem(
      () => tablehook.call('POST', target, { values: {} }, { 'tablehook-hops': '9' }),
      422,
    );
    expect(problem.code).toBe('too_many_hops');
  });
});

function withPayload(payload: Record<string, unknown>) {
  return { name: 'W', url: 'http://127.0.0.1:9/', events: ['record.*'], payload };
}

function withTemplate(template: string) {
  return withPayload({ format: 'template', template });
}
