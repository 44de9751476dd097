import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EventType } from '../../../src/contracts/change.ts';
import type { MergeRange, MergingChange } from '../../../src/domain/merge-range.ts';
import { beginRange, extendRange } from '../../../src/domain/merge-range.ts';

const POLICY = { waitMs: 100, maxWaitMs: 300 };

function change(recordVersion: number, atMs: number, type: EventType = 'record.updated'): MergingChange {
  return { changeId: `chg_${recordVersion}`, recordVersion, type, at: new Date(atMs) };
}

function rangeOf(first: MergingChange, ...others: MergingChange[]): MergeRange | null {
  return others.reduce<MergeRange | null>(
    (range, other) => range && extendRange(range, other, POLICY),
    beginRange(first, POLICY),
  );
}

const dueMs = (range: MergeRange | null) => range?.dueAt.getTime();

describe('extendRange', () => {
  it('puts off what is due with every edit, up to the deadline of the first', () => {
    expect(dueMs(rangeOf(change(1, 1000)))).toBe(1100);
    expect(dueMs(rangeOf(change(1, 1000), change(2, 1090)))).toBe(1190);
    expect(dueMs(rangeOf(change(1, 1000), change(2, 1090), change(3, 1180), change(4, 1270)))).toBe(1300);
  });

  it('refuses an edit that was made when the range was due', () => {
    expect(rangeOf(change(1, 1000), change(2, 1100))?.last.recordVersion).toBe(2);
    expect(rangeOf(change(1, 1000), change(2, 1101))).toBeNull();
    const full = [change(2, 1090), change(3, 1180), change(4, 1270)];
    expect(rangeOf(change(1, 1000), ...full, change(5, 1301))).toBeNull();
  });

  it('takes an edit made in time however late it is planned, and an older one in front', () => {
    const range = rangeOf(change(3, 1080), change(2, 1000));
    expect(range).toMatchObject({ first: { recordVersion: 2 }, last: { recordVersion: 3 }, count: 1 });
    expect(range?.firstAt.getTime()).toBe(1000);
    expect(range?.deadline.getTime()).toBe(1300);
    expect(rangeOf(change(3, 1080), change(2, 900))).toBeNull();
  });

  it('takes an edit from its midst without moving its ends', () => {
    const range = rangeOf(change(1, 1000), change(3, 1050), change(2, 1020));
    expect(range).toMatchObject({ first: { recordVersion: 1 }, last: { recordVersion: 3 }, count: 2 });
    expect(dueMs(range)).toBe(1150);
  });

  it('merges nothing behind a delete, and no create behind anything', () => {
    expect(rangeOf(change(1, 1000), change(2, 1010, 'record.deleted'))).not.toBeNull();
    const deleted = change(2, 1010, 'record.deleted');
    expect(rangeOf(change(1, 1000), deleted, change(3, 1020, 'record.created'))).toBeNull();
    expect(rangeOf(deleted, change(3, 1020))).toBeNull();
    expect(rangeOf(change(3, 1020, 'record.created'), deleted)).toBeNull();
    expect(rangeOf(change(1, 1000), change(2, 1010, 'record.created'))).toBeNull();
  });

  it('is full after 1,000', () => {
    const range = { ...beginRange(change(1, 1000), POLICY), count: 999 };
    const last = extendRange(range, change(2, 1001), POLICY);
    expect(last?.count).toBe(1000);
    expect(last && extendRange(last, change(3, 1002), POLICY)).toBeNull();
  });

  it('comes to the same ends in whatever order the edits of a short time are planned', () => {
    const edits = fc.uniqueArray(fc.integer({ min: 1, max: 90 }), { minLength: 1, maxLength: 10 });
    const shuffled = edits.chain((versions) =>
      fc.shuffledSubarray(versions, { minLength: versions.length, maxLength: versions.length }),
    );
    fc.assert(
      fc.property(shuffled, (versions) => {
        const [first, ...others] = versions.map((version) => change(version, 1000 + version));
        const range = first ? rangeOf(first, ...others) : null;
        const lowest = Math.min(...versions);
        const highest = Math.max(...versions);
        expect(range).toMatchObject({
          first: { recordVersion: lowest },
          last: { recordVersion: highest },
          count: versions.length - 1,
        });
        expect(range?.firstAt.getTime()).toBe(1000 + lowest);
        expect(range?.deadline.getTime()).toBe(1300 + lowest);
      }),
    );
  });
});
