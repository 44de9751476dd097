import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Change } from '../../../src/contracts/change.ts';
import type { Page } from '../../../src/contracts/page.ts';
import type { Problem } from '../../../src/contracts/problem.ts';
import type { Table } from '../../../src/contracts/table.ts';
import { listChanges } from '../../../src/services/changes/list.ts';
import type { RequestContext } from '../../../src/services/context.ts';
import { lowestIdAt } from '../../../src/services/id.ts';
import type { Tablehook } from '../../support/tablehook.ts';
import { startTablehook } from '../../support/tablehook.ts';

describe('the change log of a table', () => {
  let tablehook: Tablehook;
  beforeAll(async () => {
    tablehook = await startTablehook();
  });
  afterAll(async () => tablehook.stop());

  const read = async <T = Page<Change>>(table: Table, query = '') =>
    tablehook.call<T>('GET', `/v1/tables/${table.id}/changes?${query}`);

  /** Makes the changes of a table older, in the order they were made, as if time had passed. */
  const age = async (table: Table, ms: number) => {
    const { changes } = tablehook.services.models;
    const docs = await changes.find({ tableId: table.id }).sort({ _id: 1 }).lean();
    await changes.deleteMany({ tableId: table.id });
    const aged = docs.map((doc, index) => ({
      ...doc,
      _id:
        lowestIdAt('chg', new Date(doc.createdAt.getTime() - ms)).slice(0, -4) +
        String(index).padStart(4, '0'),
    }));
    await changes.insertMany(aged, { lean: true });
    return aged.map(({ _id }) => _id);
  };

  it('holds back what is younger than 15 s', async () => {
    const table = await tablehook.createTable();
    const { createdAt } = await tablehook.createRecord(table.id);
    const held = await read(table);
    expect([held.status, held.body]).toEqual([200, { data: [], nextCursor: null }]);
    const shownAfter = async (ms: number) => {
      const clock = () => new Date(Date.parse(createdAt) + ms);
      const actor = { apiKeyId: '', name: '', scopes: [], tables: null };
      // The verb alone, since nobody waits here for the clock of the API.
      const context = { ...tablehook.services, clock, actor } as unknown as RequestContext;
      const page = await listChanges(context, { tableId: table.id, limit: 50, keys: 'name' });
      return page.data.length;
    };
    expect(await shownAfter(14_999)).toBe(0);
    expect(await shownAfter(25_000)).toBe(1);
  });

  it('tells of every change once, in order, and a cursor goes on behind what was shown', async () => {
    const table = await tablehook.createTable();
    const other = await tablehook.createTable();
    await tablehook.createRecord(other.id);
    const record = await tablehook.createRecord(table.id, { Title: 'a' });
    for (const Title of ['b', 'c', 'd', 'e']) await tablehook.updateRecord(table.id, record.id, { Title });
    await tablehook.call('DELETE', `/v1/tables/${table.id}/records/${record.id}`);
    const ids = await age(table, 60_000);
    await age(other, 60_000);

    const seen: string[] = [];
    let cursor = '';
    for (let page = 0; page < 3; page += 1) {
      const { body } = await read(table, `limit=2${cursor && `&after=${cursor}`}`);
      expect(body.data).toHaveLength(2);
      seen.push(...body.data.map(({ id }) => id));
      cursor = body.nextCursor ?? '';
    }
    expect(seen).toEqual(ids);
    // At the end the cursor stays, and picks up what comes later.
    const end = await read(table, `after=${cursor}`);
    expect(end.body).toEqual({ data: [], nextCursor: cursor });
    const late = await tablehook.createRecord(table.id, { Title: 'late' });
    expect((await read(table, `after=${cursor}`)).body.data).toEqual([]);
    const lateId = `${lowestIdAt('chg', new Date(Date.now() - 20_000)).slice(0, -1)}z`;
    const { changes } = tablehook.services.models;
    const doc = await changes.findOneAndDelete({ _id: late.changeId }).lean();
    if (!doc) throw new Error('the change was not stored');
    await changes.insertMany([{ ...doc, _id: lateId }], { lean: true });
    const next = await read(table, `after=${cursor}`);
    expect(next.body.data.map(({ id }) => id)).toEqual([lateId]);
    expect(next.body.nextCursor).not.toBe(cursor);
  });

  it('shows each change in full, also silent ones, keyed as asked', async () => {
    const table = await tablehook.createTable();
    const [title] = table.fields;
    const titleId = title?.id ?? '';
    await tablehook.call('POST', `/v1/tables/${table.id}/records?fire=false`, {
      values: { Title: 'a' },
      operatorId: 'ana',
    });
    await age(table, 60_000);
    const { body } = await read(table);
    expect(body.data).toEqual([
      {
        id: expect.stringMatching(/^chg_/),
        tableId: table.id,
        recordId: expect.stringMatching(/^rec_/),
        recordVersion: 1,
        type: 'record.created',
        state: 'planned',
        timestamp: expect.stringMatching(/Z$/),
        operatorId: 'ana',
        source: { kind: 'api', requestId: expect.any(String), hops: 0 },
        previous: null,
        record: { Title: 'a' },
        changes: [{ fieldId: titleId, fieldName: 'Title', from: null, to: 'a' }],
        expungedAt: null,
      },
    ]);
    expect((await read(table, 'keys=id')).body.data[0]?.record).toEqual({ [titleId]: 'a' });
  });

  it('keeps the names that fields had, whatever becomes of them', async () => {
    const table = await tablehook.createTable();
    await tablehook.createRecord(table.id, { Title: 'a', Count: 1 });
    await age(table, 60_000);
    const fields = table.fields.slice(0, 1).map((field) => ({ ...field, name: 'Name' }));
    await tablehook.call('PATCH', `/v1/tables/${table.id}`, { fields });
    expect((await read(table)).body.data[0]?.record).toEqual({ Title: 'a', Count: 1 });
  });

  it.each(['after=x', 'after=', 'limit=0', 'limit=201', 'cursor=x', 'keys=x'])(
    'refuses ?%s',
    async (query) => {
      const table = await tablehook.createTable();
      const { status, body } = await read<Problem>(table, query);
      expect([status, body.errors[0]?.path]).toEqual([400, `query.${query.split('=')[0]}`]);
    },
  );
});
