import { describe, expect, it } from 'vitest';
import type { EventType } from '../../../src/contracts/change.ts';
import type { AgedChange, StoredVersions } from '../../../src/domain/pick-expired.ts';
import { pickExpired } from '../../../src/domain/pick-expired.ts';

const change = (recordVersion: number, type: EventType = 'record.updated'): AgedChange => ({
  changeId: `chg_${recordVersion}`,
  tableId: 'tbl_a',
  recordId: 'rec_a',
  recordVersion,
  type,
});

const pick = (
  changes: AgedChange[],
  stored: StoredVersions,
  { needed = [], isForgotten = false }: { needed?: number[]; isForgotten?: boolean } = {},
) => {
  const { changeIds, ended } = pickExpired(changes, {
    isNeeded: ({ recordVersion }) => needed.includes(recordVersion),
    versionsOf: () => stored,
    isForgotten: () => isForgotten,
  });
  return {
    versions: changeIds.map((id) => Number(id.slice(4))).toSorted((a, b) => a - b),
    ended: ended.length,
  };
};

describe('pickExpired', () => {
  it('takes what came before the latest change of a record, which stays', () => {
    const changes = [change(1, 'record.created'), change(2), change(3)];
    expect(pick(changes, { last: 3, count: 3 })).toEqual({ versions: [1, 2], ended: 0 });
  });

  it('takes what came before a change that is not old enough to be among them', () => {
    expect(pick([change(1), change(2)], { last: 3, count: 3 })).toEqual({ versions: [1, 2], ended: 0 });
  });

  it('leaves what is needed', () => {
    const changes = [change(1), change(2), change(3)];
    expect(pick(changes, { last: 3, count: 3 }, { needed: [2] })).toEqual({ versions: [1], ended: 0 });
  });

  it('takes the last trace of a deleted record with all before it', () => {
    const changes = [change(1, 'record.created'), change(2, 'record.deleted')];
    expect(pick(changes, { last: 2, count: 2 })).toEqual({ versions: [1, 2], ended: 1 });
  });

  it('lets the deletion stay until nothing before it is left, so that no version is given twice', () => {
    const changes = [change(1, 'record.created'), change(2), change(3, 'record.deleted')];
    expect(pick(changes, { last: 3, count: 3 }, { needed: [1] })).toEqual({ versions: [2], ended: 0 });
    expect(pick([change(3, 'record.deleted')], { last: 3, count: 2 })).toEqual({ versions: [], ended: 0 });
    expect(pick([change(3, 'record.deleted')], { last: 3, count: 1 })).toEqual({ versions: [3], ended: 1 });
  });

  it('leaves a deletion that is needed', () => {
    const deletion = change(1, 'record.deleted');
    expect(pick([deletion], { last: 1, count: 1 }, { needed: [1] })).toEqual({ versions: [], ended: 0 });
  });

  it('takes the latest change of a record that is forgotten, such as one of a deleted table', () => {
    const stored = { last: 2, count: 2 };
    const forgotten = pick([change(1), change(2)], stored, { isForgotten: true });
    expect(forgotten).toEqual({ versions: [1, 2], ended: 1 });
  });

  it('tells records of the same id in two tables apart', () => {
    const other = { ...change(1, 'record.deleted'), changeId: 'chg_9', tableId: 'tbl_b' };
    const { changeIds } = pickExpired([change(1, 'record.created'), other], {
      isNeeded: () => false,
      versionsOf: () => ({ last: 1, count: 1 }),
      isForgotten: () => false,
    });
    expect(changeIds).toEqual(['chg_9']);
  });
});
