import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunningMongod } from '../../src/embedded/start-mongod.ts';
import { countHeard } from '../support/count-heard.ts';
import { crash, makeFolder, startOwnMongod } from '../support/own-servers.ts';
import type { Receiver } from '../support/receiver.ts';
import { startReceiver } from '../support/receiver.ts';
import { startWriting } from '../support/start-writing.ts';
import type { Tablehook } from '../support/tablehook.ts';
import { startTablehook } from '../support/tablehook.ts';
import { until } from '../support/until.ts';

// A request meets MongoDB at most three times, each for 5 s; without a bound the driver would try for minutes.
const BOUND_MS = 25_000;
/** Some deliveries are between two attempts when it dies. */
const FIRST_REFUSED = 10;

describe('a mongod that is killed in a stream of writes and comes back', () => {
  let folder: Awaited<ReturnType<typeof makeFolder>>;
  let mongod: RunningMongod;
  let tablehook: Tablehook;
  let receiver: Receiver;

  beforeAll(async () => {
    folder = await makeFolder();
    mongod = await startOwnMongod({ dataDir: join(folder.path, 'mongodb') });
    tablehook = await startTablehook({ mongodbUri: mongod.uri });
    receiver = await startReceiver();
  });
  afterAll(async () => {
    await tablehook.stop();
    await receiver.close();
    await mongod.stop();
    await folder.remove();
  });

  it('has every change that was answered with 2xx, delivers it, and answers 503 in bounded time while it is away', async () => {
    const table = await tablehook.createTable();
    receiver.answerNext(...Array.from({ length: FIRST_REFUSED }, () => ({ status: 503 })));
    const retry = { initialMs: 200, factor: 1, jitter: 0, timeoutMs: 2_000 };
    await tablehook.createWebhook(table.id, { url: receiver.url, retry });
    const stream = startWriting(tablehook, table.id, 4);
    const refused = () => stream.writes.filter(({ reply }) => reply.status >= 500);

    await stream.acceptMore(60);
    await crash(mongod);
    await until(async () => refused().length >= 4, { what: 'refusals' });
    expect(await tablehook.call('GET', '/readyz')).toMatchObject({ status: 503, body: { mongodb: false } });
    mongod = await startOwnMongod({ dataDir: join(folder.path, 'mongodb'), port: mongod.port });
    await stream.acceptMore(60);
    await stream.stop();

    for (const { reply } of refused()) {
      expect(reply.headers.get('content-type')).toContain('application/problem+json');
      expect(reply.body).toMatchObject({
        status: 503,
        code: expect.stringMatching(/^(unavailable|overloaded)$/),
      });
    }
    expect(stream.writes.filter(({ reply }) => ![201, 503].includes(reply.status))).toEqual([]);
    const slowestMs = Math.max(...stream.writes.map(({ tookMs }) => tookMs));
    expect(slowestMs).toBeLessThan(BOUND_MS);
    const { changes, deliveries } = tablehook.services.models;
    const stored = await changes.find({ tableId: table.id }, { _id: 1, record: 1 }).lean();
    const owed = new Set(stored.map(({ _id }) => _id));
    expect(stream.accepted().filter((id) => !owed.has(id))).toEqual([]);
    // One that waited 5 s behind others was not begun, and its answer says so.
    const notBegun = refused().filter(
      ({ reply }) => 'code' in reply.body && reply.body.code === 'overloaded',
    );
    const titles = new Set(stored.map(({ record }) => Object.values(record ?? {})[0]));
    expect(titles.size).toBe(stored.length);
    expect(notBegun.filter(({ title }) => titles.has(title))).toEqual([]);
    // A write answered with 503 may have happened: then it is owed like any other.
    const heard = () => new Set(countHeard(receiver.received).map(({ changeId }) => changeId));
    await until(async () => heard().size === owed.size, { timeoutMs: 150_000, what: 'every delivery' });
    expect(heard()).toEqual(owed);
    const counted = countHeard(receiver.received);
    expect(counted).toHaveLength(owed.size);
    expect(counted.filter(({ bodies }) => bodies.size !== 1)).toEqual([]);
    await until(async () => (await deliveries.countDocuments({ open: true })) === 0, {
      timeoutMs: 150_000,
      what: 'the end of every delivery',
    });
    const repeats = receiver.received.length - owed.size - FIRST_REFUSED;
    process.stdout.write(
      `  ${stream.accepted().length} answered 201, ${refused().length} answered 503, all within ${Math.round(slowestMs)} ms; ${owed.size} changes, ${repeats} repeats\n`,
    );
  }, 360_000);
});
