import { describe, expect, it, vi } from 'vitest';
import type { ChangeDoc } from '../../../src/models/change.ts';
import { FastPath } from '../../../src/temporal/fast-path.ts';
import { InHand } from '../../../src/temporal/in-hand.ts';

const PLACES = 2;
const WAITING = 16;

/** What the fast path looks at; `promised` has a workflow of its own chosen already. */
function change(id: string, { promised = false, tableId = 'tbl_1' } = {}): ChangeDoc {
  const doc = { _id: id, workflowId: promised ? id : null, tableId, recordId: `rec_${id}`, tableName: 'T' };
  return doc as ChangeDoc;
}

interface Started {
  ids: string[];
  succeed: () => void;
  fail: () => void;
}

interface OpenOptions {
  changesPerWorkflow?: number;
  inHand?: InHand | null;
  restMs?: number;
}

/** A fast path into a Temporal whose every answer the test gives. */
function open({ changesPerWorkflow = 1, inHand = null, restMs = 0 }: OpenOptions = {}) {
  const started: Started[] = [];
  const givenBack: { id: string; error: unknown }[] = [];
  const time = { now: 0 };
  const path = new FastPath({
    workflows: {
      start: async ({ id }) =>
        new Promise((resolve, reject) => {
          const succeed = () => resolve({ started: true, eager: false });
          started.push({ ids: [id], succeed, fail: () => reject(new Error('away')) });
        }),
      startShared: async ({ changes }) =>
        new Promise((resolve, reject) => {
          const ids = changes.map(({ id }) => id);
          started.push({ ids, succeed: () => resolve(false), fail: () => reject(new Error('away')) });
        }),
    },
    places: PLACES,
    queueLength: WAITING,
    share: { changes: changesPerWorkflow, attributeBytes: 2_048 },
    inHand,
    restMs,
    clock: () => time.now,
    onFailed: async (changes, error) => {
      await settle();
      givenBack.push(...changes.map(({ id }) => ({ id, error })));
    },
    onAlreadyStarted: () => undefined,
  });
  const take = (...ids: string[]) => {
    path.reserve(ids.length);
    path.start(ids.map((id) => change(id)));
  };
  return { path, started, givenBack, time, take };
}

async function settle(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

describe('FastPath', () => {
  it('grants as many places as may be started or wait, and again those that were released', () => {
    const { path } = open();
    expect(path.reserve(1_000)).toBe(PLACES + WAITING);
    expect(path.reserve(1)).toBe(0);
    path.release(3);
    expect(path.reserve(5)).toBe(3);
  });

  it('starts no more at a time than it has places, in the order they came', async () => {
    const { started, take } = open();
    take('a', 'b', 'c', 'd');
    expect(started.map(({ ids }) => ids)).toEqual([['a'], ['b']]);
    started[1]?.succeed();
    await settle();
    expect(started.map(({ ids }) => ids)).toEqual([['a'], ['b'], ['c']]);
  });

  it('lets changes that wait leave together, as many as may share', async () => {
    const { started, take } = open({ changesPerWorkflow: 3 });
    take('a');
    take('b');
    take('c', 'd', 'e', 'f');
    expect(started.map(({ ids }) => ids)).toEqual([['a'], ['b']]);
    started[0]?.succeed();
    await settle();
    started[1]?.succeed();
    await settle();
    started[2]?.succeed();
    await settle();
    expect(started.map(({ ids }) => ids)).toEqual([['a'], ['b'], ['c', 'd', 'e'], ['f']]);
  });

  it('starts nothing beside a shared workflow, so that the next one is larger', async () => {
    const { path, started, take } = open({ changesPerWorkflow: 10 });
    take('a', 'b');
    take('c');
    expect(path.isIdleFor('tbl_1')).toBe(false);
    take('d');
    expect(started.map(({ ids }) => ids)).toEqual([['a', 'b']]);
    started[0]?.succeed();
    await settle();
    expect(started.map(({ ids }) => ids)).toEqual([
      ['a', 'b'],
      ['c', 'd'],
    ]);
  });

  it('starts a change alone that was promised a workflow of its own, and those behind it together', async () => {
    const { path, started, take } = open({ changesPerWorkflow: 10 });
    take('a');
    take('b');
    path.reserve(4);
    path.start([change('c', { promised: true }), change('d'), change('e'), change('f', { promised: true })]);
    for (let index = 0; index < 5; index += 1) {
      started[index]?.succeed();
      await settle();
    }
    expect(started.map(({ ids }) => ids)).toEqual([['a'], ['b'], ['c'], ['d', 'e'], ['f']]);
  });

  it('lets changes that can only wait in line gather for half a second, and starts others meanwhile', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const inHand = new InHand();
    const { path, started, take } = open({ changesPerWorkflow: 10, inHand });
    inHand.learn('tbl_busy', true);
    expect(path.isIdleFor('tbl_busy')).toBe(false);
    expect(path.isIdleFor('tbl_1')).toBe(true);
    path.reserve(2);
    path.start([change('a', { tableId: 'tbl_busy' }), change('b', { tableId: 'tbl_busy' })]);
    take('c');
    expect(started.map(({ ids }) => ids)).toEqual([['c']]);
    started[0]?.succeed();
    await vi.advanceTimersByTimeAsync(500);
    expect(started.map(({ ids }) => ids)).toEqual([['c'], ['a', 'b']]);
    inHand.learn('tbl_busy', false);
    expect(path.isIdleFor('tbl_busy')).toBe(false);
    vi.useRealTimers();
  });

  it('gives back what gathers when it closes', async () => {
    const inHand = new InHand();
    inHand.learn('tbl_busy', true);
    const { path, givenBack } = open({ changesPerWorkflow: 10, inHand });
    path.reserve(1);
    path.start([change('a', { tableId: 'tbl_busy' })]);
    await path.close();
    expect(givenBack).toEqual([{ id: 'a', error: null }]);
  });

  it('is idle while a change written now would be started at once', async () => {
    const { path, started, take } = open();
    take('a');
    expect(path.isIdleFor('tbl_1')).toBe(true);
    take('b');
    expect(path.isIdleFor('tbl_1')).toBe(false);
    started[0]?.succeed();
    await settle();
    expect(path.isIdleFor('tbl_1')).toBe(true);
  });

  it('grants nothing to writes while the relay has older changes, and everything to the relay', () => {
    const { path } = open();
    path.relayHasBacklog = true;
    expect(path.reserve(1)).toBe(0);
    expect(path.reserveForRelay(1)).toBe(1);
  });

  it('gives back a change whose start failed, and leaves writes to the relay for two seconds', async () => {
    const { path, started, givenBack, time, take } = open();
    take('a');
    started[0]?.fail();
    await settle();
    await settle();
    expect(givenBack).toEqual([{ id: 'a', error: new Error('away') }]);
    expect([path.reserve(1), path.pausedForMs]).toEqual([0, 2_000]);
    time.now = 2_000;
    expect([path.reserve(1), path.pausedForMs]).toEqual([1, 0]);
  });

  it('gives back at its close what waits, takes nothing more, and ends behind the starts under way', async () => {
    const { path, started, givenBack, take } = open();
    take('a', 'b', 'c', 'd');
    let closed = false;
    const closing = path.close().then(() => {
      closed = true;
    });
    await settle();
    await settle();
    expect(givenBack).toEqual([
      { id: 'c', error: null },
      { id: 'd', error: null },
    ]);
    expect(path.reserve(1)).toBe(0);
    started[0]?.succeed();
    await settle();
    expect(closed).toBe(false);
    started[1]?.fail();
    await closing;
    expect(givenBack.map(({ id }) => id)).toEqual(['c', 'd', 'b']);
    expect(started).toHaveLength(2);
  });

  it('lets a place rest behind a start whose first attempts it cannot watch', async () => {
    const { started, take } = open({ restMs: 1 });
    take('a', 'b', 'c');
    started[0]?.succeed();
    await vi.waitFor(() => expect(started.map(({ ids }) => ids)).toEqual([['a'], ['b'], ['c']]));
  });

  it('does not rest at its close', async () => {
    const { path, started, givenBack, take } = open({ restMs: 3_600_000 });
    take('a', 'b', 'c');
    started[0]?.succeed();
    started[1]?.succeed();
    await settle();
    expect([path.isIdleFor('tbl_1'), started.length]).toEqual([false, 2]);
    await path.close();
    expect(givenBack).toEqual([{ id: 'c', error: null }]);
  });

  it('gives back what is handed to it after its close', async () => {
    const { path, started, givenBack } = open();
    path.reserve(1);
    await path.close();
    path.start([change('late')]);
    await path.close();
    expect(givenBack).toEqual([{ id: 'late', error: null }]);
    expect(started).toEqual([]);
  });
});
