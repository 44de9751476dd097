import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { routes } from '../../../src/api/routes.ts';
import type { Page } from '../../../src/contracts/page.ts';
import type { Problem } from '../../../src/contracts/problem.ts';
import { encodeCursor } from '../../../src/services/page.ts';
import type { Receiver } from '../../support/receiver.ts';
import { startReceiver } from '../../support/receiver.ts';
import type { Tablehook } from '../../support/tablehook.ts';
import { startTablehook } from '../../support/tablehook.ts';

const COUNT = 7;

describe('lists', () => {
  let tablehook: Tablehook;
  let receiver: Receiver;
  let tableId: string;

  beforeAll(async () => {
    tablehook = await startTablehook();
    receiver = await startReceiver();
    const { id } = await tablehook.createTable();
    tableId = id;
    const { id: webhookId } = await tablehook.createWebhook(tableId, { url: receiver.url });
    for (let count = 1; count < COUNT; count += 1) {
      // Tablehook's own table is one of them.
      if (count > 1) await tablehook.createTable();
      await tablehook.createWebhook(tableId, { url: receiver.url, enabled: false });
      await tablehook.createKey({ name: `key ${count}`, scopes: ['tables:read'] });
    }
    for (let count = 0; count < COUNT; count += 1) {
      const { changeId } = await tablehook.createRecord(tableId);
      await tablehook.deliveryOf(changeId, webhookId);
    }
    for (let count = 0; count < COUNT; count += 1) {
      const replay = { webhookId, filter: { states: ['failed'] } };
      await tablehook.call('POST', '/v1/replays', replay);
    }
  });
  afterAll(async () => {
    await tablehook.stop();
    await receiver.close();
  });

  const get = <T = Page<{ id: string }>>(path: string, query: string) =>
    tablehook.call<T>('GET', `${path.replace(':tableId', tableId)}?${query}`);
  const walk = async (path: string, limit: number) => {
    const pages: string[][] = [];
    let cursor = '';
    for (let page = 0; page < 20; page += 1) {
      const { status, body } = await get(path, `limit=${limit}${cursor && `&cursor=${cursor}`}`);
      expect(status).toBe(200);
      pages.push(body.data.map(({ id }) => id));
      if (body.nextCursor === null) return pages;
      cursor = body.nextCursor;
    }
    throw new Error('the walk does not end');
  };

  const paged = routes.filter(
    ({ method, query }) => method === 'get' && query.safeParse({ cursor: 'x'.repeat(40) }).success,
  );

  it('are those of tables, records, API keys, webhooks, deliveries and replays', () => {
    expect(paged.map(({ operationId }) => operationId).toSorted()).toEqual([
      'listApiKeys',
      'listDeliveries',
      'listRecords',
      'listReplays',
      'listTables',
      'listWebhooks',
    ]);
  });

  describe.each(paged.map((route) => [route.operationId, route] as const))('%s', (operationId, { path }) => {
    it('shows each entry once, in order of its making, whatever the size of the pages', async () => {
      const { body } = await get(path, 'limit=200');
      const all = body.data.map(({ id }) => id);
      expect(body.nextCursor).toBeNull();
      expect(all).toHaveLength(COUNT);
      const isNewestFirst = ['listDeliveries', 'listReplays'].includes(operationId);
      expect(all).toEqual(isNewestFirst ? all.toSorted().toReversed() : all.toSorted());
      for (const limit of [1, 3, COUNT - 1, COUNT]) {
        const pages = await walk(path, limit);
        expect(pages.flat()).toEqual(all);
        expect(pages).toHaveLength(Math.ceil(COUNT / limit));
      }
    });

    it.each(['limit=0', 'limit=201', 'limit=1.5', 'limit=all', 'cursor=', 'cursor=x', 'cursor=%24ne'])(
      'refuses ?%s',
      async (query) => {
        const { status, body } = await get<Problem>(path, query);
        expect([status, body.errors[0]?.path]).toEqual([400, `query.${query.split('=')[0]}`]);
      },
    );

    it('refuses a cursor that somebody built by hand, or changed', async () => {
      for (const cursor of [encodeCursor('rec_x'), `${encodeCursor(tableId)}x`, tableId]) {
        expect((await get(path, `cursor=${cursor}`)).status, cursor).toBe(400);
      }
    });
  });

  it('have 50 entries to a page unless asked otherwise', async () => {
    const { id } = await tablehook.createTable();
    const operations = Array.from({ length: 51 }, () => ({ op: 'create' }));
    await tablehook.call('POST', `/v1/tables/${id}/records/batch`, { operations });
    const { body } = await tablehook.call<Page<{ id: string }>>('GET', `/v1/tables/${id}/records`);
    expect(body.data).toHaveLength(50);
    const rest = await tablehook.call<Page<{ id: string }>>(
      'GET',
      `/v1/tables/${id}/records?cursor=${body.nextCursor}`,
    );
    expect([rest.body.data.length, rest.body.nextCursor]).toEqual([1, null]);
  });
});
