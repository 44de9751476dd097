import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { EndpointCall } from '../../../activities/endpoint-load.ts';
import { EndpointLoad } from '../../../activities/endpoint-load.ts';

const LANES = 32;

describe('EndpointLoad', () => {
  let load: EndpointLoad;
  beforeEach(() => {
    vi.useFakeTimers({ now: 1_000 });
    load = new EndpointLoad(() => Date.now());
  });
  afterEach(() => void vi.useRealTimers());

  const enter = async (webhookId = 'whk_1'): Promise<EndpointCall> => {
    const call = await load.enter(webhookId);
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
    const waiting = load.enter('whk_1');
    await vi.advanceTimersByTimeAsync(1_000);
    expect(await waiting).toBeNull();
  });

  it('takes no more when the line would take longer than that', async () => {
    const calls = await enterAll();
    await vi.advanceTimersByTimeAsync(900);
    for (const call of calls) call.end();
    await enterAll();
    expect(load.takes('whk_1')).toBe(true);
    for (let count = 0; count < 2 * LANES; count += 1) void load.enter('whk_1');
    expect(load.takes('whk_1')).toBe(false);
  });

  it('judges each webhook by itself', async () => {
    await enterAll('whk_1');
    expect(await load.enter('whk_2')).not.toBeNull();
  });

  it('defers while a call has been hanging for over 2 s, and for a minute after it ended', async () => {
    const hanging = await enter();
    await vi.advanceTimersByTimeAsync(2_000);
    (await enter()).end();
    await vi.advanceTimersByTimeAsync(1);
    expect(load.takes('whk_1')).toBe(false);
    hanging.end();
    await vi.advanceTimersByTimeAsync(59_999);
    expect(await load.enter('whk_1')).toBeNull();
    await vi.advanceTimersByTimeAsync(1);
    expect(load.takes('whk_1')).toBe(true);
  });

  it('defers those who wait when the call before them turns out to be slow', async () => {
    const calls = await enterAll();
    await vi.advanceTimersByTimeAsync(1_900);
    const waiting = load.enter('whk_1');
    await vi.advanceTimersByTimeAsync(200);
    calls[0]?.end();
    expect(await waiting).toBeNull();
  });

  it('takes 2 s for quick, and more for slow', async () => {
    const quick = await enter();
    await vi.advanceTimersByTimeAsync(2_000);
    quick.end();
    expect(load.takes('whk_1')).toBe(true);
    const slow = await enter();
    await vi.advanceTimersByTimeAsync(2_001);
    slow.end();
    expect(load.takes('whk_1')).toBe(false);
  });
});
