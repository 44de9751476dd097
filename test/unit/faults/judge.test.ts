import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Ground } from '../../../faults/load/ground.ts';
import type { AskedChange, EndedWrite } from '../../../faults/load/write.ts';
import type { LoggedCall } from '../../../faults/receiver/messages.ts';
import type { Facts } from '../../../faults/reconcile/facts.ts';
import { judge } from '../../../faults/reconcile/judge.ts';
import type { ChangeDoc } from '../../../src/models/change.ts';
import type { DeliveryDoc } from '../../../src/models/delivery.ts';

const ground: Ground = {
  tables: { orders: 'tbl_o', reports: 'tbl_r' },
  webhooks: [
    { id: 'whk_all', tableId: 'tbl_o', asks: 'in-order', path: '/all' },
    { id: 'whk_done', tableId: 'tbl_o', asks: 'becomes-completed', path: '/done' },
    { id: 'whk_one', tableId: 'tbl_o', asks: 'merged', path: '/one' },
  ],
};

const created: AskedChange = {
  ...{ type: 'record.created', recordId: null, version: 1, previous: null },
  record: { Title: 'a', Status: 'pending' },
};
const updated: AskedChange = {
  ...{ type: 'record.updated', recordId: 'rec_1', version: 2, previous: created.record },
  record: { Title: 'b', Status: 'completed' },
};

/** A record created and completed, told to each webhook as it should be, the edits in one to the webhook that merges. */
function goodRun() {
  const writes = [write('w1', created, 'chg_1'), write('w2', updated, 'chg_2')];
  const changes = [stored('w1', created, 'chg_1'), stored('w2', updated, 'chg_2')];
  const merged = { ...updated, type: 'record.created' as const, previous: null };
  const deliveries = [
    delivery({ id: 'dlv_1', webhookId: 'whk_all', changeId: 'chg_1', told: created, operatorId: 'w1' }),
    delivery({ id: 'dlv_2', webhookId: 'whk_all', changeId: 'chg_2', told: updated, operatorId: 'w2' }),
    delivery({ id: 'dlv_3', webhookId: 'whk_done', changeId: 'chg_2', told: updated, operatorId: 'w2' }),
    {
      ...delivery({ id: 'dlv_4', webhookId: 'whk_one', changeId: 'chg_2', told: merged, operatorId: 'w2' }),
      changeId: 'chg_1',
      mergedChangeIds: ['chg_2'],
    },
  ];
  return { ground, writes, changes, deliveries, calls: deliveries.map(call) } satisfies Facts;
}

function write(operatorId: string, change: AskedChange, changeId: string): EndedWrite {
  const changes = [{ changeId, recordId: 'rec_1' }];
  return {
    ...{ operatorId, table: 'orders', method: 'POST', path: '/', body: null, repeatable: false },
    ...{
      idempotencyKey: null,
      changes: [change],
      at: 0,
      outcome: { kind: 'accepted', status: 201, changes },
    },
  };
}

function stored(
  operatorId: string,
  { type, version, previous, record }: AskedChange,
  _id: string,
): ChangeDoc {
  return {
    ...{ _id, operatorId, type, recordId: 'rec_1', recordVersion: version, previous, record },
    fieldNames: { Title: 'Title', Status: 'Status' },
    // No more of it is judged.
  } as unknown as ChangeDoc;
}

interface Told {
  id: string;
  webhookId: string;
  changeId: string;
  told: AskedChange;
  operatorId: string;
}

function delivery({ id, webhookId, changeId, told, operatorId }: Told): DeliveryDoc {
  const { type, version, previous, record } = told;
  const names = ['Status', 'Title'].filter((name) => previous?.[name] !== record?.[name]);
  const changes = names.map((fieldName) => ({ fieldName }));
  const item = { recordId: 'rec_1', recordVersion: version, previous, record, changes };
  const body = JSON.stringify({ id: changeId, type, operatorId, items: [item] });
  return {
    ...{ _id: id, webhookId, webhookName: webhookId, changeId, recordId: 'rec_1', recordVersion: version },
    ...{ state: 'delivered', body, mergedChangeIds: [], attempts: [], attemptCount: 1 },
  } as unknown as DeliveryDoc;
}

function call({ _id, webhookId, changeId, recordVersion, body }: DeliveryDoc): LoggedCall {
  const hash = createHash('sha256').update(body).digest('hex');
  return {
    ...{ at: 0, id: _id, attempt: 1, path: webhookId, webhookId, changeId, recordId: 'rec_1' },
    ...{ version: recordVersion, hash, signature: 'valid', said: 200 },
  };
}

const kindsOf = (facts: Facts) => judge(facts).findings.map(({ kind }) => kind);

describe('judge', () => {
  it('finds nothing amiss in a run in which everything owed was taken', () => {
    const { findings, ...counts } = judge(goodRun());
    expect(findings).toEqual([]);
    expect(counts).toMatchObject({ accepted: 2, unknown: 0, unknownStored: 0, delivered: 4, duplicated: 0 });
  });

  it('finds an accepted change that is not stored', () => {
    const { changes, ...facts } = goodRun();
    expect(kindsOf({ ...facts, changes: changes.slice(0, 1) })).toContain('lost');
  });

  it('finds a delivery that is missing, for each kind of webhook', () => {
    for (const missing of goodRun().deliveries) {
      const facts = goodRun();
      const deliveries = facts.deliveries.filter(({ _id }) => _id !== missing._id);
      expect(kindsOf({ ...facts, deliveries })).toContain('lost');
    }
  });

  it('finds a delivery that is open, one that failed, and one that the endpoint never took', () => {
    for (const state of ['retrying', 'failed'] as const) {
      const facts = goodRun();
      const deliveries = facts.deliveries.map((one) => (one._id === 'dlv_3' ? { ...one, state } : one));
      expect(kindsOf({ ...facts, deliveries })).toEqual(['lost']);
    }
    const facts = goodRun();
    const refused = facts.calls.map((one) => (one.id === 'dlv_3' ? { ...one, said: 500 } : one));
    expect(kindsOf({ ...facts, calls: refused })).toEqual(['lost']);
    expect(kindsOf({ ...facts, calls: facts.calls.filter(({ id }) => id !== 'dlv_3') })).toEqual(['lost']);
  });

  it('finds other bytes, a wrong signature, another content, and what was never owed', () => {
    const facts = goodRun();
    const [first] = facts.calls;
    if (!first) throw new Error('There is no call.');
    const withCall = (more: Partial<LoggedCall>) =>
      kindsOf({ ...facts, calls: [...facts.calls, { ...first, ...more }] });
    expect(withCall({ hash: 'other' })).toEqual(['wrong']);
    expect(withCall({ signature: 'bad-signature', said: 401 })).toEqual(['wrong']);
    expect(withCall({ id: 'dlv_unheard_of', version: 3 })).toEqual(['wrong']);
    const extra = delivery({
      ...{ id: 'dlv_5', webhookId: 'whk_done', changeId: 'chg_1', told: created, operatorId: 'w1' },
    });
    expect(kindsOf({ ...facts, deliveries: [...facts.deliveries, extra] })).toEqual(['wrong']);
    const told = delivery({
      ...{ id: 'dlv_3', webhookId: 'whk_done', changeId: 'chg_2', operatorId: 'w2' },
      told: { ...updated, record: { Title: 'c', Status: 'completed' } },
    });
    const deliveries = facts.deliveries.map((one) => (one._id === told._id ? told : one));
    expect(kindsOf({ ...facts, deliveries, calls: deliveries.map(call) })).toEqual(['wrong']);
  });

  it('finds a change stored twice, and one that nobody asked for', () => {
    const facts = goodRun();
    const twice = stored('w1', created, 'chg_3');
    expect(kindsOf({ ...facts, changes: [...facts.changes, twice] })).toEqual(['wrong']);
  });

  it('finds a later version that came first to a webhook that keeps order', () => {
    const facts = goodRun();
    const [one, two, ...rest] = facts.calls;
    if (!one || !two) throw new Error('There are no calls.');
    expect(kindsOf({ ...facts, calls: [two, one, ...rest] })).toEqual(['disorder']);
    expect(kindsOf({ ...facts, calls: [one, two, one, ...rest] })).toEqual([]);
  });

  it('counts what came again after it was taken, and not what came again after it was refused', () => {
    const facts = goodRun();
    const [first] = facts.calls;
    if (!first) throw new Error('There is no call.');
    const again = (said: number | null) =>
      judge({ ...facts, calls: [{ ...first, said }, ...facts.calls] }).duplicated;
    expect([again(200), again(500), again(null)]).toEqual([1, 0, 0]);
  });

  it('owes a change whose write was not answered when it is stored, and only then', () => {
    const facts = goodRun();
    const [first, second] = facts.writes;
    if (!first || !second) throw new Error('There are no writes.');
    const writes = [first, { ...second, outcome: { kind: 'unknown', why: '503' } } as const];
    const judged = judge({ ...facts, writes });
    expect(judged).toMatchObject({ findings: [], accepted: 1, unknown: 1, unknownStored: 1 });
    const deliveries = facts.deliveries.filter(({ _id }) => _id !== 'dlv_2');
    expect(kindsOf({ ...facts, writes, deliveries })).toContain('lost');
    expect(kindsOf({ ...facts, writes, changes: facts.changes.slice(0, 1) })).not.toContain('lost');
  });
});
