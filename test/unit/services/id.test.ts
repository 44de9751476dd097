import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ChangeId, TableId } from '../../../src/contracts/id.ts';
import { lowestIdAt, newId, traceIdOf } from '../../../src/services/id.ts';

const times = fc
  .date({ min: new Date(0), max: new Date('9999-12-31T23:59:59.999Z'), noInvalidDate: true })
  .map((date) => date.getTime());

describe('newId', () => {
  it('makes ids of the form that paths take', () => {
    expect(ChangeId.safeParse(newId('chg')).success).toBe(true);
    expect(TableId.safeParse(newId('chg')).success).toBe(false);
  });

  it('never makes one twice, and sorts by the millisecond they were made in', () => {
    const before = new Date();
    const ids = Array.from({ length: 1_000 }, () => newId('chg'));
    const after = new Date(Date.now() + 1);
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) {
      expect(id >= lowestIdAt('chg', before)).toBe(true);
      expect(id < lowestIdAt('chg', after)).toBe(true);
    }
  });
});

describe('lowestIdAt', () => {
  it('sorts as the times do', () => {
    fc.assert(
      fc.property(times, times, (a, b) => {
        const compare = (left: string | number, right: string | number) =>
          left < right ? -1 : +(left > right);
        expect(compare(lowestIdAt('dlv', new Date(a)), lowestIdAt('dlv', new Date(b)))).toBe(compare(a, b));
      }),
    );
  });

  it('makes ids of the form that cursors and queries take', () => {
    fc.assert(
      fc.property(times, (time) => {
        expect(ChangeId.safeParse(lowestIdAt('chg', new Date(time))).success).toBe(true);
      }),
    );
  });

  it('takes a time before 1970 as the beginning', () => {
    expect(lowestIdAt('chg', new Date(-1))).toBe(lowestIdAt('chg', new Date(0)));
  });
});

describe('traceIdOf', () => {
  it('gives 32 hex digits, the same for an id at all times, and never all zero', () => {
    const id = newId('chg');
    expect(traceIdOf(id)).toMatch(/^[0-9a-f]{32}$/);
    expect(traceIdOf(id)).toBe(traceIdOf(id));
    expect(traceIdOf(lowestIdAt('chg', new Date(0)))).not.toMatch(/^0+$/);
    expect(traceIdOf(newId('chg'))).not.toBe(traceIdOf(id));
  });
});
