import { describe, expect, it } from 'vitest';
import { judgeMerged } from '../../../faults/reconcile/judge-merged.ts';
import type { KnownChange } from '../../../faults/reconcile/known-changes.ts';
import type { DeliveryDoc } from '../../../src/models/delivery.ts';

const known = (['record.created', 'record.updated', 'record.deleted'] as const).map(
  (type, index): KnownChange => ({
    ...{ changeId: `chg_${index + 1}`, tableId: 'tbl_1', recordId: 'rec_1', version: index + 1, type },
    ...{ operatorId: 'w', previous: null, record: null, accepted: true, endedAt: 0 },
  }),
);
/** Settled without a call, as edits that undid each other are. */
const undone = (id: string, changeId: string, mergedChangeIds: string[]) =>
  ({
    _id: id,
    changeId,
    mergedChangeIds,
    state: 'cancelled',
    cancelReason: 'undone',
    attemptCount: 0,
    body: '{"items":[]}',
  }) as unknown as DeliveryDoc;
const lost = (deliveries: DeliveryDoc[]) =>
  judgeMerged({ known, deliveries, callsOf: () => [] }).filter(({ kind }) => kind === 'lost');

describe('judgeMerged', () => {
  it('has nothing against a record that came and went and is told of by nothing', () => {
    expect(lost([undone('dlv_1', 'chg_1', ['chg_2', 'chg_3'])])).toEqual([]);
  });

  it('finds a deletion lost that was merged away while a version before it went out by itself', () => {
    const alone = {
      ...undone('dlv_2', 'chg_2', []),
      state: 'delivered',
      cancelReason: null,
    } as DeliveryDoc;
    const [first] = lost([undone('dlv_1', 'chg_1', ['chg_3']), alone]);
    expect(first?.what).toMatch(/^dlv_1 of rec_1 v3 .* is cancelled undone/);
  });
});
