import { describe, expect, it } from 'vitest';
import type { Page } from '../../../src/contracts/page.ts';
import type { Problem } from '../../../src/contracts/problem.ts';
import type { Replay } from '../../../src/contracts/replay.ts';
import { newId } from '../../../src/services/id.ts';
import type { Tablehook } from '../../support/tablehook.ts';
import { stageReplays } from '../../support/stage-replays.ts';

const ground = stageReplays();
const { post, replay, ended, allSettled, fire } = ground;

describe('the REST API of replays', () => {
  it('lists them newest first, page by page, by webhook, and only those in reach of the key', async () => {
    const { webhookId, tableId } = await fire(1);
    await allSettled(webhookId, 1);
    const made = [];
    for (let index = 0; index < 3; index += 1) made.push(await replay({ webhookId, filter: {} }));
    const list = async (query: string, client: Pick<Tablehook, 'call'> = ground.tablehook) =>
      (await client.call<Page<Replay>>('GET', `/v1/replays?${query}`)).body;
    const first = await list(`webhookId=${webhookId}&limit=2`);
    const second = await list(`webhookId=${webhookId}&limit=2&cursor=${first.nextCursor}`);
    expect(second.nextCursor).toBeNull();
    const ids = [...first.data, ...second.data].map(({ id }) => id);
    expect(ids).toEqual(made.map(({ id }) => id).toReversed());
    expect((await list('limit=1')).data).toHaveLength(1);
    const elsewhere = await ground.tablehook.createTable();
    const scopes = ['deliveries:read', 'deliveries:write'];
    const bound = await ground.tablehook.createKey({ name: 'bound', scopes, tables: [elsewhere.id] });
    const mine = await ground.tablehook.createKey({ name: 'mine', scopes, tables: [tableId] });
    expect((await list('limit=200', ground.tablehook.as(bound.key))).data).toEqual([]);
    expect((await list('limit=200', ground.tablehook.as(mine.key))).data).toHaveLength(3);
    const id = made[0]?.id ?? '';
    const statuses = async (key: string) => [
      (await ground.tablehook.as(key).call('GET', `/v1/replays/${id}`)).status,
      (await ground.tablehook.as(key).call('POST', '/v1/replays', { webhookId, filter: {}, dryRun: true }))
        .status,
    ];
    expect(await statuses(bound.key)).toEqual([403, 403]);
    expect(await statuses(mine.key)).toEqual([200, 200]);
    expect((await ground.tablehook.as(bound.key).call('POST', `/v1/replays/${id}/cancel`)).status).toBe(403);
  });

  it('answers 409 to the cancelling of one that is completed', async () => {
    const { webhookId } = await fire(1);
    await allSettled(webhookId, 1);
    const { id } = await replay({ webhookId, filter: {} });
    await ended(id);
    const { status, body } = await ground.tablehook.call<Problem>('POST', `/v1/replays/${id}/cancel`);
    expect([status, body.code]).toEqual([409, 'conflict']);
  });

  it('makes one replay of a repeat with the same Idempotency-Key', async () => {
    const { webhookId } = await fire(1);
    await allSettled(webhookId, 1);
    const key = { 'idempotency-key': 'once' };
    const first = await post({ webhookId, filter: {} }, key);
    const again = await post({ webhookId, filter: {} }, key);
    expect(again.body).toEqual(first.body);
    expect(again.headers.get('location')).toBe(`/v1/replays/${first.body.id}`);
    const { body } = await ground.tablehook.call<Page<Replay>>('GET', `/v1/replays?webhookId=${webhookId}`);
    expect(body.data).toHaveLength(1);
  });

  it('stores nothing for a dry run', async () => {
    const { webhookId } = await fire(1);
    await allSettled(webhookId, 1);
    const reply = await post({ webhookId, filter: {}, dryRun: true });
    expect([reply.status, reply.body]).toEqual([200, { selected: 1 }]);
    const { body } = await ground.tablehook.call<Page<Replay>>('GET', `/v1/replays?webhookId=${webhookId}`);
    expect(body.data).toEqual([]);
  });

  it('answers 404 to a webhook, or a replay, that does not exist', async () => {
    expect((await post({ webhookId: newId('whk'), filter: {} })).status).toBe(404);
    expect((await post({ webhookId: newId('whk'), filter: {}, dryRun: true })).status).toBe(404);
    expect((await ground.tablehook.call('GET', `/v1/replays/${newId('rpl')}`)).status).toBe(404);
    expect((await ground.tablehook.call('POST', `/v1/replays/${newId('rpl')}/cancel`)).status).toBe(404);
  });

  it.each([
    ['neither filter nor backfill', {}],
    ['both', { filter: {}, backfill: { records: true } }],
    ['no state', { filter: { states: [] } }],
    ['an open state', { filter: { states: ['waiting'] } }],
    ['a time that is none', { filter: { since: 'monday' } }],
    ['a filter of an unknown field', { filter: { tableId: newId('tbl') } }],
    ['a backfill of nothing', { backfill: {} }],
    ['a backfill without records', { backfill: { records: false } }],
    ['a backfill of both kinds', { backfill: { records: true, changesSince: '2020-01-01T00:00:00Z' } }],
    ['a rate of nothing', { filter: {}, ratePerSecond: 0 }],
    ['a rate beyond all', { filter: {}, ratePerSecond: 1_001 }],
    ['a dry run that is no yes or no', { filter: {}, dryRun: 'yes' }],
    ['an unknown field', { filter: {}, force: true }],
  ])('refuses %s', async (_, body) => {
    const { status } = await post({ webhookId: newId('whk'), ...body });
    expect(status).toBe(400);
  });
});
