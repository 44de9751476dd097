import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ApiKey, CreatedApiKey } from '../../../src/contracts/api-key.ts';
import type { Page } from '../../../src/contracts/page.ts';
import type { Problem } from '../../../src/contracts/problem.ts';
import type { Tablehook } from '../../support/tablehook.ts';
import { startTablehook } from '../../support/tablehook.ts';
import { until } from '../../support/until.ts';

describe('API keys', () => {
  let tablehook: Tablehook;
  beforeAll(async () => {
    tablehook = await startTablehook();
  });
  afterAll(async () => tablehook.stop());

  const list = async () => (await tablehook.call<Page<ApiKey>>('GET', '/v1/api-keys?limit=200')).body.data;

  it('are shown once, at creation, and never again', async () => {
    const input = { name: 'CRM', scopes: ['records:read', 'records:read', 'webhooks:read'] };
    const created = await tablehook.call<CreatedApiKey>('POST', '/v1/api-keys', input);
    expect(created.status).toBe(201);
    expect(created.body).toEqual({
      id: expect.stringMatching(/^key_/),
      name: 'CRM',
      scopes: ['records:read', 'webhooks:read'],
      tables: null,
      createdAt: expect.stringMatching(/Z$/),
      lastUsedAt: null,
      key: expect.stringMatching(/^thk_[A-Za-z0-9_-]{43}$/),
    });
    const { key, ...shown } = created.body;
    expect(await list()).toContainEqual(shown);
    const stored = JSON.stringify(await tablehook.services.models.apiKeys.find().lean());
    expect(stored).not.toContain(key);
    expect(stored).not.toContain(key.slice(4));
  });

  it('tell when they were last used, to the minute', async () => {
    const { id, key } = await tablehook.createKey({ name: 'used', scopes: ['tables:read'] });
    const usedAt = async () => (await list()).find((entry) => entry.id === id)?.lastUsedAt ?? null;
    expect(await usedAt()).toBeNull();
    const before = Date.now();
    await tablehook.as(key).call('GET', '/v1/tables');
    const first = await until(usedAt, { what: 'the time of the first use' });
    expect(Date.parse(first)).toBeGreaterThanOrEqual(before);
    await tablehook.as(key).call('GET', '/v1/tables');
    expect(await usedAt()).toBe(first);
    const old = new Date(Date.now() - 61_000);
    await tablehook.services.models.apiKeys.updateOne({ _id: id }, { $set: { lastUsedAt: old } });
    // A key is looked up once a second at most, and only then its use is noted.
    const used = async () => {
      await tablehook.as(key).call('GET', '/v1/tables');
      return Date.parse((await usedAt()) ?? '') > old.getTime();
    };
    await until(used, { what: 'a later use' });
  });

  it('are refused with 401 within a second of their deletion', async () => {
    const { id, key } = await tablehook.createKey({ name: 'short', scopes: ['admin'] });
    const client = tablehook.as(key);
    expect((await client.call('GET', '/v1/tables')).status).toBe(200);
    expect((await tablehook.call('DELETE', `/v1/api-keys/${id}`)).status).toBe(204);
    // A key is remembered for a second.
    const refused = await until(async () => {
      const reply = await client.call<Problem>('GET', '/v1/tables');
      return reply.status === 200 ? null : reply;
    });
    expect([refused.status, refused.body.code]).toEqual([401, 'unauthorized']);
    expect(refused.headers.get('www-authenticate')).toBe('Bearer');
    expect((await tablehook.call('DELETE', `/v1/api-keys/${id}`)).status).toBe(404);
  });

  it('cannot delete themselves: 409', async () => {
    const { id, key } = await tablehook.createKey({ name: 'self', scopes: ['admin'] });
    const client = tablehook.as(key);
    expect((await client.call('DELETE', `/v1/api-keys/${id}`)).status).toBe(409);
    expect((await client.call('GET', '/v1/tables')).status).toBe(200);
  });

  it.each(['', 'Bearer ', 'Bearer x', 'Basic dGhrXzE6', `thk_${'x'.repeat(43)}`])(
    'are taken from a Bearer header only, not from %j',
    async (authorization) => {
      const refused = await tablehook.call<Problem>('GET', '/v1/tables', undefined, { authorization });
      expect([refused.status, refused.body.code]).toEqual([401, 'unauthorized']);
    },
  );

  it('are asked for before anything else: 401 to a request that is malformed as well', async () => {
    const stranger = tablehook.as(`thk_${'x'.repeat(43)}`);
    expect((await stranger.call('POST', '/v1/tables', '{')).status).toBe(401);
  });
});
