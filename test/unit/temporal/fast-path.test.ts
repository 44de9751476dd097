import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { StartableChange } from '../../../src/services/context.ts';
import { FastPath } from '../../../src/temporal/fast-path.ts';
import { FirstAttempts } from '../../../src/temporal/first-attempts.ts';

interface Start {
  id: string;
  resolve: (result: { started: boolean; eager: boolean }) => void;
  reject: (error: Error) => void;
}

const change = (id: string): StartableChange => ({
  id,
  workflowId: id,
  tableId: 'tbl_1',
  tableName: 'Tasks',
  recordId: 'rec_1',
  type: 'record.created',
});

/** Lets every promise that can settle do so. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

describe('FastPath', () => {
  let now: number;
  let starts: Start[];
  const onFailed = vi.fn<(change: StartableChange, error: unknown) => void>();
  const onAlreadyStarted = vi.fn<(change: StartableChange) => void>();

  beforeEach(() => {
    now = 1_000;
    starts = [];
    vi.clearAllMocks();
  });

  const open = ({ places = 2, firstAttempts = null as FirstAttempts | null } = {}) =>
    new FastPath({
      workflows: {
        start: ({ id }) => new Promise((resolve, reject) => starts.push({ id, resolve, reject })),
      },
      places,
      firstAttempts,
      onFailed,
      onAlreadyStarted,
      clock: () => now,
    });
  const begin = (path: FastPath, ...ids: string[]) => {
    expect(path.reserve(ids.length)).toBe(ids.length);
    path.start(ids.map((id) => change(id)));
  };
  const running = () => starts.map(({ id }) => id);
  const done = async (id: string, result = { started: true, eager: false }) => {
    starts.find((start) => start.id === id)?.resolve(result);
    await settle();
  };

  it('starts as many workflows at a time as it has places, the rest in order as places come free', async () => {
    const path = open();
    begin(path, 'a', 'b', 'c', 'd');
    expect(running()).toEqual(['a', 'b']);
    await done('b');
    expect(running()).toEqual(['a', 'b', 'c']);
    await done('a');
    expect(running()).toEqual(['a', 'b', 'c', 'd']);
  });

  it('reserves its places and 16 more that wait in memory, and grants what is left of a larger wish', () => {
    const path = open({ places: 2 });
    expect(path.reserve(10)).toBe(10);
    expect(path.reserve(10)).toBe(8);
    expect(path.reserve(1)).toBe(0);
    path.release(5);
    expect(path.reserve(10)).toBe(5);
  });

  it('gives a place back when its workflow is done', async () => {
    const path = open({ places: 1 });
    begin(path, ...Array.from({ length: 17 }, (_, index) => `c${index}`));
    expect(path.reserve(1)).toBe(0);
    await done('c0');
    expect(path.reserve(2)).toBe(1);
  });

  it('takes nothing without places', () => {
    const path = open({ places: 0 });
    expect([path.reserve(1), path.reserveForRelay(1)]).toEqual([0, 0]);
  });

  it('leaves new writes to the relay while that has a backlog, and serves the relay itself', () => {
    const path = open();
    path.relayHasBacklog = true;
    expect(path.reserve(1)).toBe(0);
    expect(path.reserveForRelay(1)).toBe(1);
    path.relayHasBacklog = false;
    expect(path.reserve(1)).toBe(1);
  });

  it('pauses for 2 s after a start that failed, hands the change on and goes on with what waits', async () => {
    const path = open({ places: 1 });
    begin(path, 'a', 'b');
    const error = new Error('Temporal is down');
    starts[0]?.reject(error);
    await settle();
    expect(onFailed).toHaveBeenCalledExactlyOnceWith(change('a'), error);
    expect([path.reserve(1), path.reserveForRelay(1), path.pausedForMs]).toEqual([0, 0, 2_000]);
    expect(running()).toEqual(['a', 'b']);
    await done('b');
    now += 1_999;
    expect([path.reserve(1), path.pausedForMs]).toEqual([0, 1]);
    now += 1;
    expect([path.reserve(17), path.pausedForMs]).toEqual([17, 0]);
  });

  it('tells of a start whose id Temporal knew already, and does not wait for its attempts', async () => {
    const path = open({ places: 1, firstAttempts: new FirstAttempts() });
    begin(path, 'a', 'b');
    await done('a', { started: false, eager: false });
    expect(onAlreadyStarted).toHaveBeenCalledExactlyOnceWith(change('a'));
    expect(running()).toEqual(['a', 'b']);
  });

  it('holds the place of an eager start until its first attempts are made', async () => {
    const firstAttempts = new FirstAttempts();
    const path = open({ places: 1, firstAttempts });
    begin(path, 'a', 'b');
    await done('a', { started: true, eager: true });
    expect(running()).toEqual(['a']);
    firstAttempts.planned('a', 1);
    await settle();
    expect(running()).toEqual(['a']);
    firstAttempts.attempted('a');
    await settle();
    expect(running()).toEqual(['a', 'b']);
  });

  it('misses no attempt that was made before the start was answered', async () => {
    const firstAttempts = new FirstAttempts();
    const path = open({ places: 1, firstAttempts });
    begin(path, 'a', 'b');
    firstAttempts.planned('a', 1);
    firstAttempts.attempted('a');
    await done('a', { started: true, eager: true });
    expect(running()).toEqual(['a', 'b']);
  });

  it('gives the place of an eager start up after half a second', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      const path = open({ places: 1, firstAttempts: new FirstAttempts() });
      begin(path, 'a', 'b');
      await done('a', { started: true, eager: true });
      await vi.advanceTimersByTimeAsync(499);
      expect(running()).toEqual(['a']);
      await vi.advanceTimersByTimeAsync(1);
      await settle();
      expect(running()).toEqual(['a', 'b']);
    } finally {
      vi.useRealTimers();
    }
  });

  it('tells those who wait that a place was freed', async () => {
    const path = open({ places: 1 });
    begin(path, 'a');
    let freed = 0;
    void path.whenFreed().then(() => (freed += 1));
    path.release(0);
    await settle();
    expect(freed).toBe(0);
    await done('a');
    expect(freed).toBe(1);
  });

  it('takes and starts nothing more once closed, and keeps nobody waiting', async () => {
    const path = open({ places: 1 });
    begin(path, 'a', 'b');
    const freed = path.whenFreed();
    path.close();
    await freed;
    await path.whenFreed();
    expect([path.reserve(1), path.reserveForRelay(1)]).toEqual([0, 0]);
    await done('a');
    expect(running()).toEqual(['a']);
  });
});
