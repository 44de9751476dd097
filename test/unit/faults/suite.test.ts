import { describe, expect, it, vi } from 'vitest';
import { FAULTS } from '../../../faults/all-faults.ts';
import { parseArguments } from '../../../faults/arguments.ts';
import { openBatchLane } from '../../../faults/load/batch-lane.ts';
import { openRandom } from '../../../faults/random.ts';

describe('parseArguments', () => {
  it('runs every fault once unless told otherwise', () => {
    expect(parseArguments(['--seed', '7'])).toEqual({
      ...{ faults: FAULTS, seed: 7, minutes: null, perSecond: 20, write: false },
    });
  });

  it('takes faults by their names, and refuses what there is not', () => {
    const { faults, minutes } = parseArguments(['--only', 'kill-worker,full-disk', '--minutes', '10']);
    expect(faults.map(({ name }) => name)).toEqual(['kill-worker', 'full-disk']);
    expect(minutes).toBe(10);
    const silent = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    expect(() => parseArguments(['--only', 'rain'])).toThrow();
    expect(() => parseArguments(['--only', 'kill-worker', '--write'])).toThrow();
    silent.mockRestore();
  });
});

describe('faults', () => {
  it('have names of their own, and those that share a stage follow each other', () => {
    expect(new Set(FAULTS.map(({ name }) => name)).size).toBe(FAULTS.length);
    const kinds = FAULTS.map(({ stage }) => stage);
    const changes = kinds.filter((kind, index) => index > 0 && kind !== kinds[index - 1]).length;
    expect(changes).toBeLessThanOrEqual(3);
  });
});

describe('chance', () => {
  it('is the same for the same seed and name, whatever was drawn before', () => {
    const one = openRandom('7');
    const other = openRandom('7');
    one.next();
    const draw = (random: ReturnType<typeof openRandom>) => Array.from({ length: 5 }, () => random.next());
    expect(draw(one.fork('load'))).toEqual(draw(other.fork('load')));
    expect(draw(one.fork('load'))).not.toEqual(draw(one.fork('moments')));
  });

  it('decides what a load writes', () => {
    const write = (seed: string) => openBatchLane(openRandom(seed), 'tbl_1').next('w1');
    expect(write('7')).toEqual(write('7'));
    expect(write('7')).not.toEqual(write('8'));
  });
});
