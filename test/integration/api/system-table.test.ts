import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FieldId, TableId } from '../../../src/contracts/id.ts';
import type { Page } from '../../../src/contracts/page.ts';
import type { Problem } from '../../../src/contracts/problem.ts';
import type { TableRecord } from '../../../src/contracts/record.ts';
import type { Table } from '../../../src/contracts/table.ts';
import { ensureSystemTable, EVENTS_TABLE_ID } from '../../../src/services/events/system-table.ts';
import { newEvent } from '../../support/new-event.ts';
import type { Tablehook } from '../../support/tablehook.ts';
import { startTablehook } from '../../support/tablehook.ts';

const TABLE = `/v1/tables/${EVENTS_TABLE_ID}`;

describe('the table of operational events', () => {
  let tablehook: Tablehook;
  beforeAll(async () => {
    tablehook = await startTablehook();
  });
  afterAll(async () => tablehook.stop());

  const countRecords = async () =>
    tablehook.services.models.records.countDocuments({ tableId: EVENTS_TABLE_ID });

  it('is there from the start, once, with ids like any other, and is listed as a system table', async () => {
    await Promise.all(
      Array.from({ length: 5 }, async () =>
        ensureSystemTable(tablehook.services.models, tablehook.services.clock),
      ),
    );
    const { body } = await tablehook.call<Page<Table>>('GET', '/v1/tables');
    const own = body.data.filter(({ system }) => system);
    expect(own.map(({ name }) => name)).toEqual(['tablehook.events']);
    expect(own[0]?.fields.map(({ name, type }) => `${name}: ${type}`)).toEqual([
      'Event: select',
      'TableId: text',
      'WebhookId: text',
      'WebhookName: text',
      'DeliveryId: text',
      'Reason: text',
      'At: datetime',
    ]);
    const ids = own[0]?.fields.map(({ id }) => FieldId.safeParse(id).success) ?? [];
    expect([TableId.safeParse(own[0]?.id).success, ...ids]).not.toContain(false);
    expect((await tablehook.call<Table>('GET', TABLE)).body).toEqual(own[0]);
  });

  it('is told apart from other tables, also those stored before there was one', async () => {
    const table = await tablehook.createTable();
    expect(table.system).toBe(false);
    await tablehook.services.models.tables.updateOne({ _id: table.id }, { $unset: { system: 1 } });
    const read = await tablehook.call<Table>('GET', `/v1/tables/${table.id}`);
    expect(read.body.system).toBe(false);
  });

  it('is made when the first event is told, where it is missing', async () => {
    const other = await startTablehook();
    try {
      await other.services.models.tables.deleteOne({ _id: EVENTS_TABLE_ID });
      await other.worker.events.tell([newEvent()]);
      const { body } = await other.call<Page<TableRecord>>('GET', `${TABLE}/records`);
      expect(body.data).toHaveLength(1);
    } finally {
      await other.stop();
    }
  });

  it('is out of reach for a key bound to other tables', async () => {
    const table = await tablehook.createTable();
    const scopes = ['tables:read', 'records:read', 'records:write'];
    const bound = await tablehook.createKey({ name: 'bound', scopes, tables: [table.id] });
    const reaching = await tablehook.createKey({ name: 'reaching', scopes, tables: [EVENTS_TABLE_ID] });
    expect((await tablehook.as(bound.key).call('GET', TABLE)).status).toBe(403);
    expect((await tablehook.as(bound.key).call('POST', `${TABLE}/records`, { values: {} })).status).toBe(403);
    expect((await tablehook.as(reaching.key).call('GET', TABLE)).status).toBe(200);
  });

  describe('cannot be changed through the API:', () => {
    let recordId: string;
    beforeAll(async () => {
      await tablehook.worker.events.tell([newEvent()]);
      const { body } = await tablehook.call<Page<TableRecord>>('GET', `${TABLE}/records`);
      recordId = body.data[0]?.id ?? '';
    });

    it.each([
      ['create a record', 'POST', '/records', { values: { Reason: 'made up' } }],
      ['update one', 'PATCH', '/records/:recordId', { values: { Reason: 'made up' } }],
      ['delete one', 'DELETE', '/records/:recordId', undefined],
      [
        'write a batch',
        'POST',
        '/records/batch',
        { operations: [{ op: 'create', values: { Reason: 'made up' } }] },
      ],
      ['write silently', 'POST', '/records?fire=false', { values: { Reason: 'made up' } }],
      [
        'report a change',
        'POST',
        '/changes',
        { changes: [{ changeKey: 'k', type: 'record.created', recordId: 'mine', record: {} }] },
      ],
      ['rename the table', 'PATCH', '', { name: 'Mine' }],
      ['edit its fields', 'PATCH', '', { fields: [] }],
      ['delete the table', 'DELETE', '', undefined],
      ['delete it by force', 'DELETE', '?force=true', undefined],
    ] as const)('%s', async (_what, method, path, body) => {
      const before = [(await tablehook.call('GET', TABLE)).body, await countRecords()];
      const refused = await tablehook.call<Problem>(
        method,
        `${TABLE}${path.replace(':recordId', recordId)}`,
        body,
      );
      expect([refused.status, refused.body.code]).toEqual([409, 'conflict']);
      expect(refused.body.detail).toContain("tablehook.events is Tablehook's own");
      expect([(await tablehook.call('GET', TABLE)).body, await countRecords()]).toEqual(before);
    });

    it.each(['tablehook.events', 'tablehook.mine', ' Tablehook.Events'])(
      'a table named %j is not created, nor another renamed to it',
      async (name) => {
        const table = await tablehook.createTable();
        const replies = [
          await tablehook.call<Problem>('POST', '/v1/tables', { name }),
          await tablehook.call<Problem>('PATCH', `/v1/tables/${table.id}`, { name }),
        ];
        for (const { status, body } of replies) {
          expect([status, body.code]).toEqual([400, 'invalid_request']);
          expect(body.errors).toEqual([
            { path: 'name', message: "must not start with tablehook., the names of Tablehook's own tables" },
          ]);
        }
      },
    );
  });
});
