import type { Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { LoadPlan } from '../../../bench/load/load-plan.ts';
import { runLoad } from '../../../bench/load/run-load.ts';

const servers: Server[] = [];

afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

describe('runLoad', () => {
  it('keeps sending at its rate while a server answers nothing, and counts the wait from when each was due', async () => {
    const held: ServerResponse[] = [];
    // Answers nobody before the last request is there: a closed loop would never get that far.
    const url = await serve((response) => {
      held.push(response);
      if (held.length === 40) for (const waiting of held) accept(waiting);
    });
    const load = { kind: 'rate' as const, perSecond: 100, durationMs: 400 };
    const samples = await runLoad(toPlan(url, load));
    expect(samples.map(({ status }) => status)).toEqual(Array.from({ length: 40 }, () => 200));
    const inOrder = samples.toSorted((a, b) => a.dueAt - b.dueAt);
    const [first, last] = [inOrder[0], inOrder.at(-1)];
    expect((last?.dueAt ?? 0) - (first?.dueAt ?? 0)).toBeCloseTo(390, 3);
    expect((first?.answeredAt ?? 0) - (first?.dueAt ?? 0)).toBeGreaterThanOrEqual(390);
  });

  it('never sends a request before it is due', async () => {
    const url = await serve(accept);
    const samples = await runLoad(toPlan(url, { kind: 'rate', perSecond: 333, durationMs: 300 }));
    expect(Math.min(...samples.map(({ dueAt, sentAt }) => sentAt - dueAt))).toBeGreaterThanOrEqual(0);
  });

  it('has the connections of a rate open before the first request, and no others', async () => {
    const opened: number[] = [];
    const url = await serve((response) => {
      if (response.req.method === 'PATCH') opened.push(connections);
      accept(response);
    });
    let connections = 0;
    servers.at(-1)?.on('connection', () => void (connections += 1));
    await runLoad(toPlan(url, { kind: 'rate', perSecond: 100, durationMs: 100, connections: 20 }));
    expect(opened).toEqual(Array.from({ length: 10 }, () => 20));
  });

  it('has no more requests in flight than a burst has connections', async () => {
    let [inFlight, most] = [0, 0];
    const url = await serve((response) => {
      inFlight += 1;
      most = Math.max(most, inFlight);
      setTimeout(() => {
        inFlight -= 1;
        accept(response);
      }, 2);
    });
    const samples = await runLoad(toPlan(url, { kind: 'burst', requests: 50, connections: 5 }));
    expect(samples).toHaveLength(50);
    expect(most).toBe(5);
  });

  it('reads the changes of single writes and of batches, and none of a refusal', async () => {
    const answers = [
      { status: 200, body: { changeId: 'chg_1' } },
      { status: 200, body: { results: [{ changeId: 'chg_2' }, { changeId: null }, { changeId: 'chg_3' }] } },
      { status: 503, body: { changeId: 'chg_4' } },
    ];
    const url = await serve((response) => {
      const answer = answers.shift();
      response.writeHead(answer?.status ?? 500).end(JSON.stringify(answer?.body));
    });
    const samples = await runLoad(toPlan(url, { kind: 'burst', requests: 3, connections: 1 }));
    expect(samples.map(({ status, changeIds }) => [status, changeIds])).toEqual([
      [200, ['chg_1']],
      [200, ['chg_2', 'chg_3']],
      [503, []],
    ]);
  });

  it('tells of a request that got no answer', async () => {
    const url = await serve((response) => response.destroy());
    const samples = await runLoad(toPlan(url, { kind: 'burst', requests: 1, connections: 1 }));
    expect(samples).toMatchObject([{ status: 0, changeIds: [] }]);
  });
});

function accept(response: ServerResponse): void {
  response.end('{"changeId":"chg_1"}');
}

async function serve(answer: (response: ServerResponse) => void): Promise<string> {
  const server = createServer((request, response) => {
    request.resume().on('end', () => answer(response));
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function toPlan(url: string, load: LoadPlan['load']): LoadPlan {
  const targets = [{ stream: 'main', tableId: 'tbl_1', recordIds: ['rec_1', 'rec_2'] }];
  return { urls: [url], apiKey: 'thk_test', load, targets, salt: 0, timeoutMs: 20_000 };
}
