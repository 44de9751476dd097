import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { routes } from '../../../src/api/routes.ts';
import type { Delivery } from '../../../src/contracts/delivery.ts';
import type { Page } from '../../../src/contracts/page.ts';
import type { Problem } from '../../../src/contracts/problem.ts';
import type { Replay } from '../../../src/contracts/replay.ts';
import type { Table } from '../../../src/contracts/table.ts';
import type { Client } from '../../support/client.ts';
import { startReceiver, type Receiver } from '../../support/receiver.ts';
import type { Tablehook } from '../../support/tablehook.ts';
import { startTablehook } from '../../support/tablehook.ts';

/** What can be done only to what is under way. */
const OF_OPEN = ['retryDelivery', 'cancelDelivery', 'cancelReplay'];

describe('a key bound to certain tables', () => {
  let tablehook: Tablehook;
  let receiver: Receiver;
  let bound: Client;
  let mine: Record<string, string>;
  let theirs: Record<string, string>;

  beforeAll(async () => {
    tablehook = await startTablehook();
    receiver = await startReceiver();
    mine = await furnish('Mine');
    theirs = await furnish('Theirs');
    // All scopes, admin with them: only the tables hold it back.
    const input = { name: 'bound', scopes: ['admin'], tables: [mine['tableId']] };
    bound = tablehook.as((await tablehook.createKey(input)).key);
  });
  afterAll(async () => {
    await tablehook.stop();
    await receiver.close();
  });

  /** A table with one of everything. */
  const furnish = async (name: string) => {
    const table = await tablehook.createTable(name);
    const webhook = await tablehook.createWebhook(table.id, { url: receiver.url });
    const record = await tablehook.createRecord(table.id);
    const delivery = await tablehook.deliveryOf(record.changeId, webhook.id);
    const replay = { webhookId: webhook.id, filter: { states: ['failed'] } };
    const { body } = await tablehook.call<Replay>('POST', '/v1/replays', replay);
    return {
      tableId: table.id,
      webhookId: webhook.id,
      recordId: record.id,
      changeId: record.changeId ?? '',
      deliveryId: delivery.id,
      replayId: body.id,
    };
  };
  const fill = (path: string, ids: Record<string, string>) =>
    path.replaceAll(/:(\w+)/g, (_, name: string) => ids[name] ?? name);
  const BODIES: Record<string, unknown> = {
    createRecord: { values: {} },
    batchRecords: { operations: [{ op: 'create' }] },
    reportChanges: { changes: [{ changeKey: 'a', type: 'record.created', recordId: 'x', record: {} }] },
    createWebhook: { name: 'W', url: 'http://127.0.0.1:9/', events: ['record.*'] },
    updateTable: {},
    updateRecord: { values: {} },
    updateWebhook: {},
    // What was sent again just before may be open.
    expungeDelivery: { force: true },
    expungeRecord: { force: true },
    expungeTable: { force: true },
  };

  const ofTables = routes.filter(({ path }) => path.includes(':') && !path.includes(':keyId'));

  it.each(ofTables.map((route) => [route.operationId, route] as const))(
    'is refused by %s for an id of another table: 403',
    async (operationId, { method, path }) => {
      const reply = await bound.call<Problem>(method.toUpperCase(), fill(path, theirs), BODIES[operationId]);
      expect([reply.status, reply.body.code], reply.body.detail).toEqual([403, 'forbidden']);
    },
  );

  it.each(
    ofTables.filter(({ method }) => method !== 'delete').map((route) => [route.operationId, route] as const),
  )('is served by %s for its own table', async (operationId, { method, path, status }) => {
    const reply = await bound.call(method.toUpperCase(), fill(path, mine), BODIES[operationId]);
    // Of what is over there is nothing left to do: a conflict, not a matter of whose it is.
    expect(reply.status).toBe(OF_OPEN.includes(operationId) ? 409 : status);
  });

  it('does not reach a record, or anything, of another table through its own', async () => {
    const path = `/v1/tables/${mine['tableId']}/records/${theirs['recordId']}`;
    expect((await bound.call('GET', path)).status).toBe(404);
    expect((await bound.call('DELETE', path)).status).toBe(404);
  });

  it('sees its own tables only, and makes none', async () => {
    const listed = await bound.call<Page<Table>>('GET', '/v1/tables');
    expect(listed.body.data.map(({ id }) => id)).toEqual([mine['tableId']]);
    expect((await bound.call('POST', '/v1/tables', { name: 'New' })).status).toBe(403);
  });

  it('handles no keys, though it has the scope admin', async () => {
    const input = { name: 'wider', scopes: ['admin'] };
    expect((await bound.call('POST', '/v1/api-keys', input)).status).toBe(403);
    expect((await bound.call('GET', '/v1/api-keys')).status).toBe(403);
    const spare = await tablehook.createKey(input);
    expect((await bound.call('DELETE', `/v1/api-keys/${spare.id}`)).status).toBe(403);
  });

  it('sees in the log of deliveries those of its own tables, whatever the filter', async () => {
    const list = async (query: string) =>
      bound.call<Page<Delivery> & Problem>('GET', `/v1/deliveries?${query}`);
    const everything = await list('limit=200');
    expect(new Set(everything.body.data.map(({ tableId }) => tableId))).toEqual(new Set([mine['tableId']]));
    expect((await list(`tableId=${theirs['tableId']}`)).status).toBe(403);
    for (const filter of [
      `webhookId=${theirs['webhookId']}`,
      `recordId=${theirs['recordId']}`,
      'state=failed',
    ]) {
      expect((await list(filter)).body.data, filter).toEqual([]);
    }
    expect((await list(`webhookId=${mine['webhookId']}`)).body.data.length).toBeGreaterThan(0);
  });
});
