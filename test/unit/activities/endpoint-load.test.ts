import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Turn } from '../../../activities/endpoint-load.ts';
import { EndpointLoad } from '../../../activities/endpoint-load.ts';

const LANES = 32;
/** Of a common body, and of one so large that 512 of them are all there may be. */
const COMMON = 2_000;
const LARGE = 256 * 1024;
const MOST_LARGE = 512;

describe('EndpointLoad', () => {
  let load: EndpointLoad;
  const freed: string[] = [];
  beforeEach(() => {
    vi.useFakeTimers({ now: 1_000 });
    load = new EndpointLoad({ clock: () => Date.now(), onFreed: (webhookId) => freed.push(webhookId) });
  });
  afterEach(() => void vi.useRealTimers());

  const enter = async (webhookId = 'whk_1'): Promise<Turn> => {
    const call = await load.enter(webhookId, COMMON);
    if (!call) throw new Error('the call was deferred');
    return call;
  };
  const enterAll = async (webhookId = 'whk_1') =>
    Promise.all(Array.from({ length: LANES }, async () => enter(webhookId)));

  it('lets the next in line begin as soon as one of 32 calls ends', async () => {
    const calls = await enterAll();
    const begun: string[] = [];
    const first = enter().then(() => begun.push('first'));
    const second = enter().then(() => begun.push('second'));
    await vi.advanceTimersByTimeAsync(10);
    expect(begun).toEqual([]);
    calls[3]?.end();
    await first;
    expect(begun).toEqual(['first']);
    calls[7]?.end();
    await second;
    expect(begun).toEqual(['first', 'second']);
  });

  it('defers one whose turn does not come within a second', async () => {
    await enterAll();
    const waiting = load.enter('whk_1', COMMON);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(await waiting).toBeNull();
  });

  it('takes no more when the line would take longer than that', async () => {
    const calls = await enterAll();
    await vi.advanceTimersByTimeAsync(900);
    for (const call of calls) call.end('response');
    await enterAll();
    expect(load.takes('whk_1', COMMON)).toBe(true);
    for (let count = 0; count < 2 * LANES; count += 1) void load.enter('whk_1', COMMON);
    expect(load.takes('whk_1', COMMON)).toBe(false);
  });

  it('judges each webhook by itself', async () => {
    await enterAll('whk_1');
    expect(await load.enter('whk_2', COMMON)).not.toBeNull();
  });

  it('defers while a call has been hanging for over 2 s, and for a minute after it ended', async () => {
    const hanging = await enter();
    await vi.advanceTimersByTimeAsync(2_000);
    (await enter()).end('response');
    await vi.advanceTimersByTimeAsync(1);
    expect(load.takes('whk_1', COMMON)).toBe(false);
    hanging.end('response');
    await vi.advanceTimersByTimeAsync(59_999);
    expect(await load.enter('whk_1', COMMON)).toBeNull();
    await vi.advanceTimersByTimeAsync(1);
    expect(load.takes('whk_1', COMMON)).toBe(true);
  });

  it('defers those who wait when the call before them turns out to be slow', async () => {
    const calls = await enterAll();
    await vi.advanceTimersByTimeAsync(1_900);
    const waiting = load.enter('whk_1', COMMON);
    await vi.advanceTimersByTimeAsync(200);
    calls[0]?.end('response');
    expect(await waiting).toBeNull();
  });

  it('takes 2 s for quick, and more for slow', async () => {
    const quick = await enter();
    await vi.advanceTimersByTimeAsync(2_000);
    quick.end('response');
    expect(load.takes('whk_1', COMMON)).toBe(true);
    const slow = await enter();
    await vi.advanceTimersByTimeAsync(2_001);
    slow.end('response');
    expect(load.takes('whk_1', COMMON)).toBe(false);
  });

  describe('durable attempts', () => {
    const begin = (count: number, from = 0) =>
      Array.from({ length: count }, (_, index) => load.begin('whk_1', `dlv_${from + index}`, COMMON));

    it('have 32 turns at first, those of first attempts among them', async () => {
      await enter();
      expect(begin(31).every((turn) => turn !== null)).toBe(true);
      expect(begin(1, 31)).toEqual([null]);
      expect(load.free('whk_1')).toBe(0);
      expect(load.free('whk_2')).toBe(32);
    });

    it('have one more for every answer that came while all were taken', () => {
      const turns = begin(32);
      turns[0]?.end('response');
      expect(load.free('whk_1')).toBe(2);
      turns[1]?.end('response');
      expect(load.free('whk_1')).toBe(3);
    });

    it('have no more for answers that came while some were free: they show nothing of how many it can take', () => {
      for (let count = 0; count < 200; count += 1) begin(1)[0]?.end('response');
      expect(load.free('whk_1')).toBe(32);
    });

    it('have half as many after a timeout, but never less than 4', () => {
      for (const free of [16, 8, 4, 4]) {
        begin(1)[0]?.end('timeout');
        expect(load.free('whk_1')).toBe(free);
      }
      begin(1)[0]?.end('network-error');
      expect(load.free('whk_1')).toBe(4);
    });

    it('never have more than 160', () => {
      let turns = begin(32);
      for (let round = 0; round < 200; round += 1) {
        turns.shift()?.end('response');
        turns = [...turns, ...begin(load.free('whk_1'), 1_000 * (round + 1))];
      }
      expect(turns).toHaveLength(160);
      for (const turn of turns) turn?.end();
      expect(load.free('whk_1')).toBe(160);
    });

    it('find the turn that was kept for them, for 10 s', async () => {
      load.keep('whk_1', 'dlv_kept');
      begin(31);
      expect(load.free('whk_1')).toBe(0);
      expect(load.keptFor('whk_1')).toEqual(['dlv_kept']);
      expect(load.begin('whk_1', 'dlv_kept', COMMON)).not.toBeNull();
      load.keep('whk_1', 'dlv_lost');
      await vi.advanceTimersByTimeAsync(10_001);
      load.free('whk_1');
      expect(load.keptFor('whk_1')).toEqual([]);
    });

    it('tell of every turn that becomes free, once', () => {
      freed.length = 0;
      const [turn] = begin(1);
      turn?.end('response');
      turn?.end('response');
      expect(freed).toEqual(['whk_1']);
      expect(load.free('whk_1')).toBe(32);
    });
  });

  describe('large bodies', () => {
    const beginLarge = (webhookId: string, deliveryId = 'dlv_1') => load.begin(webhookId, deliveryId, LARGE);
    /** All there may be at a time, four to an endpoint. */
    const beginAll = () =>
      Array.from({ length: MOST_LARGE }, (_, index) => beginLarge(`whk_${Math.floor(index / 4)}`));

    it('share what memory there is for them, to whatever endpoint', async () => {
      const turns = beginAll();
      expect(turns.every((turn) => turn !== null)).toBe(true);
      expect(beginLarge('whk_0')).toBeNull();
      expect(load.takes('whk_0', LARGE)).toBe(false);
      expect(await load.enter('whk_0', LARGE)).toBeNull();
    });

    it('go one at a time to an endpoint once it is used up', () => {
      beginAll();
      expect(load.takes('whk_other', LARGE)).toBe(true);
      const one = beginLarge('whk_other');
      expect(one).not.toBeNull();
      expect(load.takes('whk_other', LARGE)).toBe(false);
      expect(beginLarge('whk_other')).toBeNull();
      one?.end('response');
      expect(beginLarge('whk_other')).not.toBeNull();
    });

    it('leave common ones alone', async () => {
      beginAll();
      expect(load.takes('whk_0', COMMON)).toBe(true);
      expect(await load.enter('whk_0', COMMON)).not.toBeNull();
      expect(load.begin('whk_0', 'dlv_2', COMMON)).not.toBeNull();
    });

    it('give back what they took, once', () => {
      const [first] = beginAll();
      first?.end('response');
      first?.end('response');
      expect(beginLarge('whk_0')).not.toBeNull();
      expect(beginLarge('whk_0')).toBeNull();
    });
  });
});
