import { describe, expect, it } from 'vitest';
import { outstandingByQuarter } from '../../../bench/measure/outstanding.ts';
import { summarizeStream } from '../../../bench/measure/summarize-stream.ts';
import type { Sample } from '../../../bench/load/load-plan.ts';
import type { Arrival } from '../../../bench/sink/arrival.ts';

const load = { kind: 'rate' as const, perSecond: 10, durationMs: 200 };

describe('summarizeStream', () => {
  it('counts latency from when a request was due, and takes first and slowest of several webhooks', () => {
    const figures = summarizeStream({
      load,
      samples: [sample({ dueAt: 100, sentAt: 105, answeredAt: 130, changeIds: ['chg_1'] })],
      arrivals: [
        arrival('chg_1', 'dlv_1', { webhook: '1', at: 150 }),
        arrival('chg_1', 'dlv_2', { webhook: '2', at: 180 }),
      ],
      owed: 2,
    });
    expect(figures.sendLagMs?.p50).toBe(5);
    expect(figures.acceptMs?.p50).toBe(30);
    expect(figures.acceptToFirstMs?.p50).toBe(20);
    expect(figures.acceptToLastMs?.p50).toBe(50);
    expect(figures.requestToFirstMs?.p50).toBe(50);
    expect(figures.requestToLastMs?.p50).toBe(80);
    expect(figures).toMatchObject({ expectedDeliveries: 2, arrivedDeliveries: 2, lost: 0, duplicated: 0 });
  });

  it('tells lost, duplicated and unacknowledged apart', () => {
    const figures = summarizeStream({
      load,
      samples: [
        sample({ changeIds: ['chg_1'] }),
        sample({ changeIds: ['chg_2'] }),
        sample({ status: 0, changeIds: [] }),
      ],
      arrivals: [arrival('chg_1', 'dlv_1'), arrival('chg_1', 'dlv_1'), arrival('chg_9', 'dlv_9')],
      owed: 1,
    });
    expect(figures).toMatchObject({
      acceptedChanges: 2,
      refused: { 0: 1 },
      lost: 1,
      duplicated: 1,
      unacknowledged: 1,
    });
  });

  it('has no latency of deliveries that are not all there', () => {
    const figures = summarizeStream({
      load,
      samples: [sample({ changeIds: ['chg_1'] })],
      arrivals: [arrival('chg_1', 'dlv_1')],
      owed: 2,
    });
    expect(figures).toMatchObject({ requestToLastMs: null, changesPerSecond: null, lost: 1 });
  });

  it('rates a burst from the first request to the last arrival, and a drain from the first arrival', () => {
    const figures = summarizeStream({
      load,
      samples: [sample({ dueAt: 0, changeIds: ['chg_1'] }), sample({ dueAt: 10, changeIds: ['chg_2'] })],
      arrivals: [arrival('chg_1', 'dlv_1', { at: 500 }), arrival('chg_2', 'dlv_2', { at: 1_000 })],
      owed: 1,
    });
    expect(figures).toMatchObject({ spanMs: 1_000, changesPerSecond: 2, drainPerSecond: 4 });
  });
});

describe('outstandingByQuarter', () => {
  it('averages what is open over each quarter', () => {
    const stretch = { startedAt: 0, endedAt: 400 };
    expect(
      outstandingByQuarter(
        [
          { from: 0, until: 400 },
          { from: 300, until: 350 },
        ],
        stretch,
      ),
    ).toEqual([1, 1, 1, 1.5]);
  });

  it('rises when arrivals fall further and further behind', () => {
    const intervals = Array.from({ length: 100 }, (_, index) => ({ from: index * 4, until: index * 8 }));
    const [first = 0, second = 0, third = 0, last = 0] = outstandingByQuarter(intervals, {
      startedAt: 0,
      endedAt: 400,
    });
    expect(first).toBeLessThan(second);
    expect(second).toBeLessThan(third);
    expect(third).toBeLessThan(last);
  });
});

function sample(given: Partial<Sample>): Sample {
  return { stream: 'main', dueAt: 0, sentAt: 0, answeredAt: 1, status: 200, changeIds: [], ...given };
}

function arrival(changeId: string, deliveryId: string, given: Partial<Arrival> = {}): Arrival {
  return { stream: 'main', webhook: '1', changeId, deliveryId, at: 10, ...given };
}
