import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Problem } from '../../../src/contracts/problem.ts';
import type { BatchResult, WrittenRecord } from '../../../src/contracts/record.ts';
import type { Tablehook } from '../../support/tablehook.ts';
import { startTablehook } from '../../support/tablehook.ts';

describe('a batch', () => {
  let tablehook: Tablehook;
  let records: string;
  beforeAll(async () => {
    tablehook = await startTablehook();
    records = `/v1/tables/${(await tablehook.createTable()).id}/records`;
  });
  afterAll(async () => tablehook.stop());

  const create = (values: unknown = {}) => tablehook.call<WrittenRecord>('POST', records, { values });

  it('is done in the order given, one change per record that differs', async () => {
    const { body: a } = await create({ Title: 'a' });
    const { body: b } = await create({ Title: 'b' });
    const batch = await tablehook.call<BatchResult>('POST', `${records}/batch`, {
      operations: [
        { op: 'update', recordId: b.id, values: { Title: 'B' }, ifVersion: 1 },
        { op: 'create', values: { Title: 'c' } },
        { op: 'delete', recordId: a.id },
        { op: 'create' },
      ],
    });
    expect(batch.status).toBe(200);
    expect(
      batch.body.results.map(({ op, record }) => [op, record?.version ?? null, record?.values ?? null]),
    ).toEqual([
      ['update', 2, { Title: 'B' }],
      ['create', 1, { Title: 'c' }],
      ['delete', null, null],
      ['create', 1, {}],
    ]);
    expect(new Set(batch.body.results.map(({ changeId }) => changeId)).size).toBe(4);
    const same = await tablehook.call<BatchResult>('POST', `${records}/batch`, {
      operations: [{ op: 'update', recordId: b.id, values: { Title: 'B' } }],
    });
    expect(same.body.results).toMatchObject([{ op: 'update', changeId: null, record: { version: 2 } }]);
  });

  it.each([
    ["a version that is not the record's", 412, { op: 'update', values: { Title: 'X' }, ifVersion: 9 }, []],
    [
      'a value that does not fit',
      400,
      { op: 'update', values: { Count: 'x' } },
      ['operations.1.values.Count'],
    ],
  ])('does nothing at all with %s', async (_, status, operation, paths) => {
    const { body } = await create({ Title: 'a' });
    const before = (await tablehook.call<{ data: unknown[] }>('GET', `${records}?limit=200`)).body.data;
    const refused = await tablehook.call<Problem>('POST', `${records}/batch`, {
      operations: [
        { op: 'create', values: { Title: 'never' } },
        { ...operation, recordId: body.id },
      ],
    });
    expect(refused.status).toBe(status);
    expect(refused.body.errors.map(({ path }) => path)).toEqual(paths);
    expect((await tablehook.call<{ data: unknown[] }>('GET', `${records}?limit=200`)).body.data).toEqual(
      before,
    );
  });
});
