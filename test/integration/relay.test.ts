import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, inject, it } from 'vitest';
import type { ChangeDoc } from '../../src/models/change.ts';
import type { Models } from '../../src/models/models.ts';
import { connectMongodb, ensureIndexes } from '../../src/models/models.ts';
import { releaseChanges } from '../../src/services/changes/relay.ts';
import { newId } from '../../src/services/id.ts';
import { FastPath } from '../../src/temporal/fast-path.ts';
import { startRelay } from '../../src/temporal/relay.ts';
import { until } from '../support/until.ts';

/** Long enough that only the change stream can have woken the relay. */
const NO_SWEEP_MS = 3_600_000;

describe('the relay', () => {
  let models: Models;
  beforeAll(async () => {
    const uri = new URL(inject('mongodbUri'));
    uri.pathname = `/t${randomUUID().replaceAll('-', '').slice(0, 16)}`;
    models = await connectMongodb(uri.href);
    await ensureIndexes(models, { days: 30, failedDays: 90 });
  });
  afterAll(async () => {
    await models.connection.dropDatabase();
    await models.connection.close();
  });

  const write = async (count: number) => {
    const docs = Array.from({ length: count }, (_, index) => toChange(index + 1));
    await models.changes.insertMany(docs);
    return docs.map(({ _id }) => _id);
  };

  it('hears of new changes by its stream, also after it had to wait for Temporal and for a place', async () => {
    const services = { models, clock: () => new Date() };
    const starts = new Map<string, { end: () => void; fail: () => void }>();
    let now = 0;
    const released: Promise<void>[] = [];
    const fastPath = new FastPath({
      workflows: {
        start: ({ id }) =>
          new Promise((resolve, reject) => {
            const end = () => resolve({ started: true, eager: false });
            starts.set(id, { end, fail: () => reject(new Error('Temporal is down')) });
          }),
        startShared: async () => throwIt(new Error('nothing is to share')),
      },
      places: 1,
      queueLength: 16,
      share: { changes: 1, attributeBytes: 2_048 },
      inHand: null,
      onFailed: async (changes) => {
        const changeIds = changes.map(({ id }) => id);
        const release = releaseChanges(services, changeIds);
        released.push(release);
        await release;
      },
      onAlreadyStarted: () => undefined,
      clock: () => now,
    });
    const startOf = async (id: string) => until(async () => starts.get(id), { what: `the start of ${id}` });
    const relay = startRelay({ services, fastPath, sweepEveryMs: NO_SWEEP_MS, onError: throwIt });
    try {
      // Until the stream is open it tells of nothing.
      const probes: string[] = [];
      await until(async () => {
        probes.push(...(await write(1)));
        return starts.size > 0;
      });
      await Promise.all(probes.map(async (id) => (await startOf(id)).end()));

      const [failed = '', second = ''] = await write(2);
      (await startOf(failed)).fail();
      starts.delete(failed);
      await until(async () => released.length === 1);
      await Promise.all(released);
      // A start failed, so the path pauses: what is written now waits for 2 s, or until a place is freed.
      const [late = ''] = await write(1);
      await until(async () => fastPath.relayHasBacklog, { what: 'a backlog' });
      now += 2_000;
      const freedAt = performance.now();
      (await startOf(second)).end();
      for (const id of [failed, late]) (await startOf(id)).end();
      // A timer of those 2 s may still run. When it ends, it must not swallow what the stream tells.
      while (performance.now() - freedAt < 4_000) {
        const [id = ''] = await write(1);
        (await startOf(id)).end();
      }
    } finally {
      await relay.stop();
      await fastPath.close();
    }
  });
});

function throwIt(error: unknown): never {
  throw error;
}

function toChange(recordVersion: number): ChangeDoc {
  const now = new Date();
  return {
    _id: newId('chg'),
    tableId: newId('tbl'),
    tableName: 'Tasks',
    schemaVersion: 1,
    webhookRevision: 1,
    recordId: newId('rec'),
    recordVersion,
    type: 'record.created',
    at: now,
    createdAt: now,
    operatorId: 'test',
    source: { kind: 'api', requestId: 'test', hops: 0 },
    fieldNames: {},
    previous: null,
    record: {},
    changes: [],
    state: 'pending',
    claimedUntil: null,
    claimedBy: null,
    hasWorkflow: true,
    workflowId: null,
    run: 0,
    apiKeyId: null,
    silent: false,
    ordered: false,
  };
}
