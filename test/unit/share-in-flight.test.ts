import { describe, expect, it } from 'vitest';
import { shareInFlight } from '../../src/share-in-flight.ts';

describe('shareInFlight', () => {
  it('does its work once for all who ask meanwhile, and anew for who asks later', async () => {
    let done = 0;
    const ask = shareInFlight(async () => (done += 1));
    expect(await Promise.all([ask(), ask(), ask()])).toEqual([1, 1, 1]);
    expect(await ask()).toBe(2);
  });

  it('tells all who asked of a failure, and forgets it', async () => {
    let fails = true;
    const ask = shareInFlight(async () => {
      if (fails) throw new Error('away');
      return 'here';
    });
    await expect(Promise.all([ask(), ask()])).rejects.toThrow('away');
    fails = false;
    expect(await ask()).toBe('here');
  });
});
