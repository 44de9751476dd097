import { describe, expect, it } from 'vitest';
import { countSharers } from '../../../src/domain/share-workflow.ts';

const changes = (count: number, recordId: string, weight = 100) =>
  Array.from({ length: count }, () => ({ recordId, weight }));

const LIMITS = { changes: 100, attributeBytes: 2_048 };

describe('countSharers', () => {
  it('takes as many as may share', () => {
    expect(countSharers(changes(10, 'rec_1'), { ...LIMITS, changes: 4 })).toBe(4);
    expect(countSharers(changes(3, 'rec_1'), { ...LIMITS, changes: 4 })).toBe(3);
  });

  it('takes no more than Temporal can list by record, counted in bytes', () => {
    const ids = changes(100, 'rec_01h455vb4pex5vsknk084sn02q');
    const count = countSharers(ids, LIMITS);
    expect(JSON.stringify(ids.slice(0, count).map(({ recordId }) => recordId)).length).toBeLessThan(2_048);
    expect(count).toBeGreaterThan(50);
    expect(countSharers(changes(100, '表'.repeat(200)), LIMITS)).toBe(3);
  });

  it('takes no more than can be planned together', () => {
    expect(countSharers(changes(100, 'rec_1', 512 * 1024), LIMITS)).toBe(4);
    expect(countSharers(changes(100, 'rec_1', 2 * 1024), LIMITS)).toBe(100);
    expect(countSharers(changes(2, 'rec_1', 3 * 1024 * 1024), LIMITS)).toBe(1);
  });

  it('takes one that is too long by itself', () => {
    expect(countSharers(changes(2, 'x'.repeat(3_000)), LIMITS)).toBe(1);
  });
});
