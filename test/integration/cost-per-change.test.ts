import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BatchResult } from '../../src/contracts/record.ts';
import { freePorts } from '../../src/embedded/free-ports.ts';
import { connectMongodb, type Models } from '../../src/models/models.ts';
import type { Receiver } from '../support/receiver.ts';
import { startReceiver } from '../support/receiver.ts';
import type { Tablehook } from '../support/tablehook.ts';
import { startTablehook } from '../support/tablehook.ts';
import type { TemporalView } from '../support/temporal.ts';
import { viewTemporal } from '../support/temporal.ts';
import { until } from '../support/until.ts';

/** How many single changes are counted; the average must come out even. */
const SINGLES = 20;
/** One alone and a shared workflow of fifty. */
const BATCH = 51;

/** The bounds. A number that grows here is a cost that every change pays: raise it only with a reason. */
const SINGLE_COST = {
  mongodb: {
    'find tables': 1,
    'find records': 1,
    'update records': 1,
    'insert changes': 1,
    'update changes': 1,
    'find webhooks': 1,
    'insert deliveries': 1,
    'update deliveries': 1,
    commitTransaction: 2,
  },
  temporal: { StartWorkflowExecution: 1, RespondWorkflowTaskCompleted: 1 },
  historyEvents: 6,
  historyBytes: 3_000,
};
const BATCH_COST = {
  mongodb: {
    'find tables': 1,
    'find records': 1,
    'update records': 1,
    'insert changes': 1,
    'update changes': 2,
    'find webhooks': 2,
    'insert deliveries': 2,
    commitTransaction: 3,
  },
  temporal: 4,
  historyEvents: 12,
  historyBytesPerChange: 600,
};

describe('what a change costs', () => {
  let tablehook: Tablehook;
  let temporal: TemporalView;
  let receiver: Receiver;
  let observer: Models;
  let metricsUrl: string;
  const commands: string[] = [];

  beforeAll(async () => {
    const [port] = await freePorts(1);
    const metricsAddress = `127.0.0.1:${port}`;
    metricsUrl = `http://${metricsAddress}/metrics`;
    tablehook = await startTablehook({
      metricsAddress,
      // Its round comes every 10 s, whatever changes: on a busy machine in the middle of what is counted.
      reconcileEveryMs: 3_600_000,
      onCommand: ({ commandName, command }) => {
        const collection: unknown = command[commandName];
        const name = typeof collection === 'string' ? `${commandName} ${collection}` : commandName;
        if (!isBackground(name, command as Record<string, unknown>)) commands.push(name);
      },
    });
    const { host, port: mongodPort, name } = tablehook.services.models.connection;
    observer = await connectMongodb(`mongodb://${host}:${mongodPort}/${name}?directConnection=true`);
    temporal = await viewTemporal();
    receiver = await startReceiver();
  });
  afterAll(async () => {
    await tablehook.stop();
    await observer.connection.close();
    await temporal.close();
    await receiver.close();
  });

  /** Waits over a connection of its own, so that the waiting is not counted. */
  const settled = async (count: number) =>
    until(async () => (await observer.deliveries.countDocuments({ state: 'delivered' })) === count, {
      what: `${count} deliveries`,
    });
  const prepare = async () => {
    const table = await tablehook.createTable();
    await tablehook.createWebhook(table.id, { url: receiver.url, events: ['record.updated'] });
    const operations = Array.from({ length: BATCH }, () => ({ op: 'create', values: { Count: 0 } }));
    const path = `/v1/tables/${table.id}/records/batch`;
    const created = await tablehook.call<BatchResult>('POST', `${path}?fire=false`, { operations });
    const recordIds = created.body.results.map(({ record }) => record?.id ?? '');
    return { path, tableId: table.id, recordIds, before: await observer.deliveries.countDocuments() };
  };
  const counted = async (work: () => Promise<void>) => {
    const callsBefore = await readCalls(metricsUrl);
    commands.length = 0;
    await work();
    const calls = await readCalls(metricsUrl);
    const grown = Object.entries(calls).map(
      ([name, count]) => [name, count - (callsBefore[name] ?? 0)] as const,
    );
    return { commands: countBy(commands), calls: Object.fromEntries(grown.filter(([, count]) => count > 0)) };
  };

  it(`is within its bounds, for one change with one webhook at a time`, async () => {
    const { tableId, recordIds, before } = await prepare();
    const changeIds: string[] = [];
    const cost = await counted(async () => {
      for (const [index, recordId] of recordIds.slice(0, SINGLES).entries()) {
        const { changeId } = await tablehook.updateRecord(tableId, recordId, { Count: 1 });
        changeIds.push(changeId ?? '');
        await settled(before + index + 1);
        await temporal.ended(changeId ?? '');
      }
    });
    const { 'find changes': readAgain = 0, ...others } = cost.commands;
    expect(perChange(others)).toEqual(SINGLE_COST.mongodb);
    // What does not reach its worker within half a second is held in memory no longer, but that is the exception.
    expect(readAgain).toBeLessThan(SINGLES / 2);
    expect(perChange(cost.calls)).toEqual(SINGLE_COST.temporal);
    const histories = await Promise.all(changeIds.map(async (id) => temporal.describe(id)));
    for (const { historyLength, historySize } of histories) {
      expect(historyLength).toBeLessThanOrEqual(SINGLE_COST.historyEvents);
      expect(historySize).toBeLessThanOrEqual(SINGLE_COST.historyBytes);
    }
  });

  it('is a fraction of that for changes that come together', async () => {
    const { path, recordIds, before } = await prepare();
    const operations = recordIds.map((recordId) => ({ op: 'update', recordId, values: { Count: 2 } }));
    let changeIds: string[] = [];
    const cost = await counted(async () => {
      const { body } = await tablehook.call<BatchResult>('POST', path, { operations });
      changeIds = body.results.map(({ changeId }) => changeId ?? '');
      await settled(before + BATCH);
      await until(
        async () =>
          (await observer.changes.countDocuments({ _id: { $in: changeIds }, state: 'planned' })) === BATCH,
      );
    });
    const changes = await observer.changes.find({ _id: { $in: changeIds } }).lean();
    const workflowIds = [...new Set(changes.map(({ workflowId }) => workflowId ?? ''))];
    expect(workflowIds).toHaveLength(2);
    // How many outcomes share a write depends on when the answers come; never more than one each.
    const { 'update deliveries': outcomes = 0, 'find changes': readAgain = 0, ...others } = cost.commands;
    expect(others).toEqual(BATCH_COST.mongodb);
    expect(readAgain).toBeLessThanOrEqual(workflowIds.length);
    expect(outcomes).toBeLessThanOrEqual(BATCH);
    const histories = await Promise.all(workflowIds.map(async (id) => temporal.ended(id)));
    expect(histories.reduce((total, { historyLength }) => total + historyLength, 0)).toBeLessThanOrEqual(
      BATCH_COST.historyEvents,
    );
    const bytes = histories.reduce((total, { historySize }) => total + (historySize ?? 0), 0);
    expect(bytes / BATCH).toBeLessThanOrEqual(BATCH_COST.historyBytesPerChange);
    const calls = await readCalls(metricsUrl);
    expect(sum(calls)).toBeGreaterThanOrEqual(BATCH_COST.temporal);
    expect(sum(cost.calls)).toBeLessThanOrEqual(BATCH_COST.temporal);
  });
});

/** What goes on without any change: the change stream, the relay's sweeps, looking up the key. */
function isBackground(name: string, command: Record<string, unknown>): boolean {
  if (['getMore', 'endSessions', 'find apikeys', 'update apikeys'].includes(name)) return true;
  const filter = JSON.stringify(command['filter'] ?? {});
  return filter.includes('claimedUntil');
}

function countBy(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

function perChange(counts: Record<string, number>): Record<string, number> {
  return Object.fromEntries(Object.entries(counts).map(([name, count]) => [name, count / SINGLES]));
}

function sum(counts: Record<string, number>): number {
  return Object.values(counts).reduce((total, count) => total + count, 0);
}

/** Calls this process's SDK made for its work; polls and the worker's own upkeep are none of it. */
async function readCalls(url: string): Promise<Record<string, number>> {
  const text = await (await fetch(url)).text();
  const upkeep = /Poll|Heartbeat|Describe|GetSystemInfo|ShutdownWorker|ListSearch|AddSearch|GetClusterInfo/;
  const calls: Record<string, number> = {};
  for (const [, labels = '', value] of text.matchAll(/^temporal_request(?:_total)?\{([^}]*)\} (\S+)$/gm)) {
    const operation = /operation="([^"]+)"/.exec(labels)?.[1] ?? '';
    if (upkeep.test(operation)) continue;
    calls[operation] = (calls[operation] ?? 0) + Number(value);
  }
  return calls;
}
