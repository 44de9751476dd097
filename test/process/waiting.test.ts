import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Stack } from '../../bench/processes/stack.ts';
import { createSink } from '../../bench/sink/create-sink.ts';
import { findBinaries, startServers } from '../../bench/systems/servers.ts';
import { checkWaiting } from '../../bench/waiting/checks.ts';
import { measureWaiting } from '../../bench/waiting/measure-waiting.ts';
import type { WaitingPlan } from '../../bench/waiting/plan.ts';
import type { WaitingFigures } from '../../bench/waiting/result.ts';
import type { SinkDoor } from '../../bench/waiting/stage.ts';
import { openStage } from '../../bench/waiting/stage.ts';

const some = {
  singles: 4,
  holdSeconds: 1,
  days: 7,
  stepHours: 12,
  stepSeconds: 1,
  probesADay: 3,
  slowShare: 0,
};

describe('parked deliveries of one webhook', () => {
  let interruption: AbortController;
  let failures: string[];
  let stack: Stack;
  let dataDir: string;

  beforeEach(async () => {
    interruption = new AbortController();
    failures = [];
    stack = new Stack((name, error) => failures.push(`${name}: ${String(error)}`));
    dataDir = await mkdtemp(join(tmpdir(), 'tablehook-waiting-'));
    stack.push('data', async () => rm(dataDir, { recursive: true, force: true, maxRetries: 5 }));
  });
  afterEach(async () => {
    interruption.abort(new Error('the test is over'));
    await stack.close();
    expect(failures).toEqual([]);
  });

  const startSink = async (): Promise<SinkDoor> => {
    const { server, counts, arrivals, shut, open } = createSink();
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    stack.push('sink', async () => {
      server.closeAllConnections();
      server.close();
    });
    const { port } = server.address() as AddressInfo;
    return {
      url: `http://127.0.0.1:${port}`,
      counts: async () => counts(),
      arrivals: async () => arrivals(),
      shut,
      open,
    };
  };

  const measure = async (plan: WaitingPlan): Promise<WaitingFigures> => {
    const { signal } = interruption;
    const servers = await startServers(await findBinaries(() => undefined), { dataDir, signal });
    stack.push('servers', servers.stop);
    const stage = await openStage({
      ...{ plan, servers, stack, dataDir, signal },
      sink: await startSink(),
      roles: [],
      env: {},
      profiles: null,
      say: () => undefined,
    });
    return measureWaiting(stage);
  };

  it('wait for simulated days and go once resumed, with bounded history, none lost, repeated or given up', async () => {
    // The refused ones are tried again after their days of waiting: their horizon must have stood still.
    const refusing = { count: 2_000, failShare: 0.01 };
    const figures = await measure({ ...some, ...refusing, heldBy: 'paused', lead: 0, backBy: 'resume' });
    expect(checkWaiting(figures).filter(({ holds }) => !holds)).toEqual([]);
    expect(figures.resumed.sink.refused).toBeGreaterThan(0);
  });

  it('wait for a simulated week at an endpoint that is down, and go once a probe finds it up, with bounded history, none lost, repeated or given up', async () => {
    // What fails before the circuit opens has a workflow of its own; what is written then waits in line.
    const failing = { lead: 40, count: 1_000, failShare: 0 };
    const figures = await measure({ ...some, ...failing, heldBy: 'down', backBy: 'probe' });
    expect(checkWaiting(figures).filter(({ holds }) => !holds)).toEqual([]);
    expect(figures.down?.attempted).toBeGreaterThan(0);
  });
});
