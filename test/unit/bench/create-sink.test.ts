import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Behaviour } from '../../../bench/sink/behaviour.ts';
import { parsePath, toPath } from '../../../bench/sink/behaviour.ts';
import type { Sink } from '../../../bench/sink/create-sink.ts';
import { createSink } from '../../../bench/sink/create-sink.ts';
import { awaitArrivals } from '../../../bench/run/await-arrivals.ts';
import { summarizeStream } from '../../../bench/measure/summarize-stream.ts';

let sink: Sink;
let url: string;

beforeEach(async () => {
  sink = createSink();
  await new Promise<void>((resolve) => sink.server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(sink.server.address() as AddressInfo).port}`;
});

afterEach(async () => {
  sink.server.closeAllConnections();
  await new Promise((resolve) => sink.server.close(resolve));
});

describe('createSink', () => {
  it('keeps who called for which change, and counts a repeat as another call of the same delivery', async () => {
    await call({ kind: 'ok' }, 'dlv_1');
    await call({ kind: 'ok' }, 'dlv_1');
    const arrival = { stream: 'main', webhook: '3', changeId: 'chg_of_dlv_1', deliveryId: 'dlv_1' };
    expect(sink.arrivals()).toMatchObject([arrival, arrival]);
    expect(sink.counts()).toMatchObject({ calls: 2, recorded: 2, distinct: 1 });
  });

  it('refuses a delivery that is to fail once, and takes it the second time', async () => {
    const fail = { kind: 'fail' as const, percent: 100 };
    expect(await call(fail, 'dlv_1')).toBe(503);
    expect(sink.counts()).toMatchObject({ recorded: 0, refused: 1 });
    expect(await call(fail, 'dlv_1')).toBe(200);
    expect(sink.counts()).toMatchObject({ recorded: 1, refused: 1 });
  });

  it('fails about as many deliveries as it is told', async () => {
    for (let index = 0; index < 300; index += 1) await call({ kind: 'fail', percent: 10 }, `dlv_${index}`);
    expect(sink.counts().refused).toBeGreaterThan(10);
    expect(sink.counts().refused).toBeLessThan(60);
  });

  it('refuses connections while it is shut, and takes them where it did once it is open again', async () => {
    await call({ kind: 'ok' }, 'dlv_1');
    await sink.shut();
    await expect(call({ kind: 'ok' }, 'dlv_2')).rejects.toMatchObject({ cause: { code: 'ECONNREFUSED' } });
    await sink.open();
    expect(await call({ kind: 'ok' }, 'dlv_2')).toBe(200);
    expect(sink.counts()).toMatchObject({ calls: 2, distinct: 2 });
  });

  it('answers a delivery it drops with success and keeps nothing of it, which then counts as lost', async () => {
    const ids = ['dlv_1', 'dlv_2', 'dlv_3'];
    for (const id of ids) expect(await call({ kind: 'drop', every: 3 }, id)).toBe(200);
    const samples = ids.map((id) => ({
      stream: 'main',
      dueAt: 0,
      sentAt: 0,
      answeredAt: 1,
      status: 200,
      changeIds: [`chg_of_${id}`],
    }));
    const arrivals = await awaitArrivals({
      sink: { counts: async () => sink.counts(), arrivals: async () => sink.arrivals() },
      samples,
      owed: new Map([['main', 1]]),
      idleMs: 50,
      maxMs: 60_000,
    });
    const load = { kind: 'burst' as const, requests: 3, connections: 1 };
    expect(summarizeStream({ load, samples, arrivals, owed: 1 })).toMatchObject({
      acceptedChanges: 3,
      arrivedDeliveries: 2,
      lost: 1,
      duplicated: 0,
    });
  });
});

describe('parsePath', () => {
  it('reads back what toPath wrote', () => {
    const behaviours: Behaviour[] = [
      { kind: 'ok' },
      { kind: 'delay', ms: 500 },
      { kind: 'slow', percent: 25 },
      { kind: 'fail', percent: 10 },
      { kind: 'hang' },
      { kind: 'drop', every: 7 },
    ];
    for (const behaviour of behaviours) {
      expect(parsePath(toPath(behaviour, 'main', 12))).toEqual({ behaviour, stream: 'main', webhook: '12' });
    }
    expect(parsePath('/other')).toBeNull();
  });
});

async function call(behaviour: Behaviour, deliveryId: string): Promise<number> {
  const response = await fetch(`${url}${toPath(behaviour, 'main', 3)}`, {
    method: 'POST',
    headers: { 'webhook-id': deliveryId },
    body: JSON.stringify({ id: `chg_of_${deliveryId}` }),
  });
  await response.text();
  return response.status;
}
