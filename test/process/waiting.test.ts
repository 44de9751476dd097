import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Stack } from '../../bench/processes/stack.ts';
import { createSink } from '../../bench/sink/create-sink.ts';
import { findBinaries, startServers } from '../../bench/systems/servers.ts';
import { checkWaiting } from '../../bench/waiting/checks.ts';
import { measureWaiting } from '../../bench/waiting/measure-waiting.ts';
import type { SinkDoor } from '../../bench/waiting/stage.ts';
import { openStage } from '../../bench/waiting/stage.ts';

// The refused ones are tried again after their days of waiting: their horizon must have stood still.
const plan = { count: 2_000, singles: 4, holdSeconds: 1, days: 7, slowShare: 0, failShare: 0.01 };

describe('2,000 parked deliveries of one webhook', () => {
  const interruption = new AbortController();
  const failures: string[] = [];
  const stack = new Stack((name, error) => failures.push(`${name}: ${String(error)}`));
  let dataDir: string;

  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'tablehook-waiting-'));
    stack.push('data', async () => rm(dataDir, { recursive: true, force: true, maxRetries: 5 }));
  });
  afterAll(async () => {
    interruption.abort(new Error('the test is over'));
    await stack.close();
    expect(failures).toEqual([]);
  });

  const startSink = async (): Promise<SinkDoor> => {
    const { server, counts, arrivals } = createSink();
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
    };
  };

  it('wait for simulated days and go once resumed, with bounded history, none lost, repeated or given up', async () => {
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
    const figures = await measureWaiting(stage);
    expect(checkWaiting(figures).filter(({ holds }) => !holds)).toEqual([]);
    expect(figures.resumed.sink.refused).toBeGreaterThan(0);
  });
});
