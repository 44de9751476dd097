import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Change } from '../../../../src/contracts/change.ts';
import type { Delivery } from '../../../../src/contracts/delivery.ts';
import type { Page } from '../../../../src/contracts/page.ts';
import type { Problem } from '../../../../src/contracts/problem.ts';
import type { Replay } from '../../../../src/contracts/replay.ts';
import type { Table } from '../../../../src/contracts/table.ts';
import type { Client } from '../../../support/client.ts';
import { fingerprint } from '../../../support/fingerprint.ts';
import type { Receiver } from '../../../support/receiver.ts';
import { startReceiver } from '../../../support/receiver.ts';
import type { Tablehook } from '../../../support/tablehook.ts';
import { startTablehook } from '../../../support/tablehook.ts';
import type { Ids } from './stage.ts';
import { furnish } from './stage.ts';

describe('a key bound to a table, and ids of another one outside of paths', () => {
  let tablehook: Tablehook;
  let receiver: Receiver;
  let bound: Client;
  let mine: Ids;
  let theirs: Ids;

  beforeAll(async () => {
    tablehook = await startTablehook();
    receiver = await startReceiver();
    mine = await furnish(tablehook, { name: 'Mine', url: receiver.url });
    theirs = await furnish(tablehook, { name: 'Theirs', url: receiver.url });
    // All scopes: only the table holds it back.
    const input = { name: 'bound', scopes: ['admin'], tables: [mine.tableId] };
    bound = tablehook.as((await tablehook.createKey(input)).key);
  });
  afterAll(async () => {
    await tablehook.stop();
    await receiver.close();
  });

  const list = async <T>(path: string) => bound.call<Page<T> & Problem>('GET', path);

  it.each([
    ['a replay of its webhook', 403, 'POST', '/v1/replays', { webhookId: 'webhookId', filter: {} }],
    [
      'a dry run of a replay of its webhook',
      403,
      'POST',
      '/v1/replays',
      { webhookId: 'webhookId', backfill: { records: true }, dryRun: true },
    ],
    ['its record in a batch', 404, 'POST', '/v1/tables/tableId/records/batch', batch('update')],
    ['its record deleted in a batch', 404, 'POST', '/v1/tables/tableId/records/batch', batch('delete')],
    ['its record in a test', 404, 'POST', '/v1/webhooks/webhookId/test', { recordId: 'recordId' }],
    ['its record', 404, 'GET', '/v1/tables/tableId/records/recordId', undefined],
    ['an edit of its record', 404, 'PATCH', '/v1/tables/tableId/records/recordId', { values: {} }],
    ['its record deleted', 404, 'DELETE', '/v1/tables/tableId/records/recordId', undefined],
    ['the history of its record', 404, 'POST', '/v1/tables/tableId/records/recordId/expunge', {}],
  ])('gets nothing of %s: %i', async (_what, status, method, path, body) => {
    const fill = (text: string, ids: Ids) =>
      text.replaceAll(/\b(webhookId|recordId)\b(?!":)/g, (name) => ids[name as keyof Ids]);
    // The path leads through its own table or webhook to what is named at its end or in the body.
    const through = path.replace('/tableId', `/${mine.tableId}`).replace('/webhookId', `/${mine.webhookId}`);
    const filled: unknown = body && JSON.parse(fill(JSON.stringify(body), theirs));
    const before = await fingerprint(tablehook);
    const reply = await bound.call<Problem>(method, fill(through, theirs), filled);
    expect(reply.status, JSON.stringify(reply.body)).toBe(status);
    expect(await fingerprint(tablehook)).toBe(before);
  });

  it('lists its own tables only', async () => {
    const { body } = await list<Table>('/v1/tables?limit=200');
    expect(body.data.map(({ id }) => id)).toEqual([mine.tableId]);
  });

  it('lists deliveries of its own table only, whatever the filter', async () => {
    const everything = await list<Delivery>('/v1/deliveries?limit=200');
    expect(everything.body.data.map(({ id }) => id)).toEqual([mine.deliveryId]);
    expect((await list(`/v1/deliveries?tableId=${theirs.tableId}`)).status).toBe(403);
    for (const filter of [`webhookId=${theirs.webhookId}`, `recordId=${theirs.recordId}`]) {
      expect((await list(`/v1/deliveries?${filter}`)).body.data, filter).toEqual([]);
    }
  });

  it('lists replays of its own webhooks only, whatever the filter', async () => {
    const everything = await list<Replay>('/v1/replays?limit=200');
    expect(everything.body.data.map(({ id }) => id)).toEqual([mine.replayId]);
    expect((await list(`/v1/replays?webhookId=${theirs.webhookId}`)).body.data).toEqual([]);
  });

  it('gets no further by a cursor of a list that it may not read', async () => {
    await tablehook.createRecord(theirs.tableId);
    const path = (tableId: string) => `/v1/tables/${tableId}/records`;
    const page = await tablehook.call<Page<Table>>('GET', `${path(theirs.tableId)}?limit=1`);
    const cursor = page.body.nextCursor ?? '';
    expect(cursor).not.toBe('');
    const { body } = await list<Change>(`${path(mine.tableId)}?cursor=${cursor}`);
    for (const { tableId } of body.data) expect(tableId).toBe(mine.tableId);
    expect((await list(`${path(theirs.tableId)}?cursor=${cursor}`)).status).toBe(403);
  });

  it('is not answered what another key was, for the same Idempotency-Key', async () => {
    const headers = { 'idempotency-key': 'theirs' };
    const input = { webhookId: theirs.webhookId, filter: {} };
    expect((await tablehook.call('POST', '/v1/replays', input, headers)).status).toBe(201);
    expect((await bound.call('POST', '/v1/replays', input, headers)).status).toBe(403);
  });
});

function batch(op: 'update' | 'delete') {
  return { operations: [{ op, recordId: 'recordId', ...(op === 'update' && { values: {} }) }] };
}
