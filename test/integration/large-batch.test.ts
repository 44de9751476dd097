import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Problem } from '../../src/contracts/problem.ts';
import type { BatchResult } from '../../src/contracts/record.ts';
import { countHeard } from '../support/count-heard.ts';
import type { Receiver } from '../support/receiver.ts';
import { startReceiver } from '../support/receiver.ts';
import type { Tablehook } from '../support/tablehook.ts';
import { startTablehook } from '../support/tablehook.ts';
import { until } from '../support/until.ts';

const SIZE = 1_000;

describe('a batch of 1,000 operations', () => {
  let tablehook: Tablehook;
  let receiver: Receiver;

  beforeAll(async () => {
    tablehook = await startTablehook();
    receiver = await startReceiver();
  });
  afterAll(async () => {
    await receiver.close();
    await tablehook.stop();
  });

  const creates = (count: number) =>
    Array.from({ length: count }, (_, index) => ({ op: 'create', values: { Count: index } }));
  const count = async (tableId: string) => {
    const { records, changes, deliveries } = tablehook.services.models;
    return {
      records: await records.countDocuments({ tableId }),
      changes: await changes.countDocuments({ tableId }),
      deliveries: await deliveries.countDocuments({ tableId }),
    };
  };

  it('makes 1,000 records and changes, and each delivery arrives, under an id of its own', async () => {
    const table = await tablehook.createTable();
    await tablehook.createWebhook(table.id, { url: receiver.url });
    const path = `/v1/tables/${table.id}/records/batch`;
    const batch = await tablehook.call<BatchResult>('POST', path, { operations: creates(SIZE) });
    expect(batch.status).toBe(200);
    const changeIds = batch.body.results.map(({ changeId }) => changeId);
    expect(new Set(changeIds).size).toBe(SIZE);
    expect(batch.body.results.map(({ record }) => record?.values['Count'])).toEqual(
      creates(SIZE).map(({ values }) => values.Count),
    );
    await until(async () => countHeard(receiver.received).length === SIZE, {
      timeoutMs: 120_000,
      what: 'every delivery',
    });
    const { deliveries } = tablehook.services.models;
    await until(async () => (await deliveries.countDocuments({ open: true })) === 0);
    const heard = countHeard(receiver.received);
    expect(new Set(heard.map(({ changeId }) => changeId))).toEqual(new Set(changeIds));
    expect(heard.filter(({ bodies }) => bodies.size !== 1)).toEqual([]);
    expect(await count(table.id)).toEqual({ records: SIZE, changes: SIZE, deliveries: SIZE });
    process.stdout.write(`  ${SIZE} deliveries, ${receiver.received.length - SIZE} repeats\n`);
  });

  it('changes nothing when its last operation is bad, whatever is bad about it', async () => {
    const table = await tablehook.createTable();
    const kept = await tablehook.createRecord(table.id);
    const doomed = await tablehook.createRecord(table.id);
    await tablehook.createWebhook(table.id, { url: receiver.url });
    const before = await count(table.id);
    const missing = 'rec_01h455vb4pex5vsknk084sn02q';
    const bad = [
      { operation: { op: 'create', values: { Nonsense: 1 } }, status: 400 },
      { operation: { op: 'create', values: { Count: 'many' } }, status: 400 },
      { operation: { op: 'update', recordId: missing, values: { Count: 1 } }, status: 404 },
      { operation: { op: 'update', recordId: kept.id, values: { Count: 1 }, ifVersion: 7 }, status: 412 },
      { operation: { op: 'delete', recordId: missing }, status: 404 },
    ];
    for (const { operation, status } of bad) {
      const path = `/v1/tables/${table.id}/records/batch`;
      const operations = [...creates(20), { op: 'delete', recordId: doomed.id }, operation];
      const reply = await tablehook.call<Problem>('POST', path, { operations });
      expect({ operation, status: reply.status }).toEqual({ operation, status });
      expect(await count(table.id)).toEqual(before);
    }
    for (const { id } of [kept, doomed]) {
      const record = await tablehook.call('GET', `/v1/tables/${table.id}/records/${id}`);
      expect(record).toMatchObject({ status: 200, body: { version: 1 } });
    }
  });
});
