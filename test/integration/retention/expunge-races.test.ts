import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ExpungeResult } from '../../../src/contracts/expunge.ts';
import type { Problem } from '../../../src/contracts/problem.ts';
import { planChanges } from '../../../src/services/deliveries/plan.ts';
import type { Tablehook } from '../../support/tablehook.ts';
import { startTablehook } from '../../support/tablehook.ts';

const EDITS = 6;
const ROUNDS = 8;

describe('expunging what is being planned', () => {
  let tablehook: Tablehook;

  // Without a worker nobody but the test plans.
  beforeAll(async () => {
    tablehook = await startTablehook();
    await tablehook.worker.stop();
  });
  afterAll(async () => tablehook.stop());

  const write = async (delivery: Record<string, unknown>) => {
    const { id: tableId } = await tablehook.createTable();
    const url = 'http://127.0.0.1:9/hook';
    const { id: webhookId } = await tablehook.createWebhook(tableId, { url, delivery });
    const { id: recordId } = await tablehook.createRecord(tableId, { Title: 'planted 0' });
    for (let count = 1; count < EDITS; count += 1) {
      await tablehook.updateRecord(tableId, recordId, { Title: `planted ${count}` });
    }
    const docs = await tablehook.services.models.changes.find({ tableId }).sort({ _id: 1 }).lean();
    return { tableId, webhookId, docs, path: `/v1/tables/${tableId}/records/${recordId}/expunge` };
  };
  /** As the process that wrote them plans: from memory, whatever became of them since. */
  const plan = async (docs: Awaited<ReturnType<typeof write>>['docs']) =>
    planChanges(tablehook.services, docs, {
      workflowId: docs[0]?._id ?? '',
      takes: () => false,
      takeTurn: () => true,
    });
  const textOf = async (tableId: string) => {
    const { changes, deliveries } = tablehook.services.models;
    const docs = [
      ...(await changes.find({ tableId }).lean()),
      ...(await deliveries.find({ tableId }).lean()),
    ];
    return JSON.stringify(docs);
  };

  it('is 409 without force, for changes that nobody has planned yet', async () => {
    const { tableId, path } = await write({});
    const { status, body } = await tablehook.call<Problem>('POST', path);
    expect(status).toBe(409);
    expect(body.detail).toContain(`changes not planned yet: ${EDITS}`);
    expect(await textOf(tableId)).toContain('planted');
  });

  it('lets nobody hear of changes that were not planned', async () => {
    const { tableId, docs, path } = await write({});
    const { body } = await tablehook.call<ExpungeResult>('POST', path, { force: true });
    expect(body).toEqual({ deliveries: 0, changes: EDITS, cancelled: EDITS });
    const planned = await plan(docs);
    expect(planned.map(({ deliveries }) => deliveries.length)).toEqual(docs.map(() => 0));
    expect(await textOf(tableId)).not.toContain('planted');
  });

  it.each([
    ['one delivery each', {}],
    ['in order', { order: 'record' }],
    ['merged', { coalesce: { waitMs: 60_000, maxWaitMs: 60_000 } }],
  ])('leaves nothing, whoever comes first: %s', async (_, delivery) => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const { tableId, docs, path } = await write(delivery);
      const plans = [docs.slice(0, round % EDITS), docs.slice(round % EDITS)].map(async (part) => plan(part));
      const [reply] = await Promise.all([
        tablehook.call<ExpungeResult>('POST', path, { force: true }),
        ...plans,
      ]);
      expect(reply.status).toBe(200);
      expect(reply.body.changes).toBe(EDITS);
      expect(await textOf(tableId)).not.toContain('planted');
      const { deliveries } = tablehook.services.models;
      expect(await deliveries.countDocuments({ tableId, open: true })).toBe(0);
    }
  });

  it('is finished by a repeat where it was cut short', async () => {
    const { tableId, docs, path } = await write({});
    await plan(docs);
    const { changes } = tablehook.services.models;
    await tablehook.call('POST', path, { force: true });
    // As if it had ended in the middle: the rest as it was.
    const [, ...rest] = docs;
    for (const { _id, ...doc } of rest) {
      await changes.replaceOne({ _id }, { ...doc, state: 'planned' });
    }
    expect(await textOf(tableId)).toContain('planted');
    const { body } = await tablehook.call<ExpungeResult>('POST', path);
    expect(body).toEqual({ deliveries: 0, changes: EDITS - 1, cancelled: 0 });
    expect(await textOf(tableId)).not.toContain('planted');
  });
});
