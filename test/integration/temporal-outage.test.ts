import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunningTemporal } from '../../src/embedded/start-temporal.ts';
import { countHeard } from '../support/count-heard.ts';
import { crash, makeFolder, startOwnTemporal } from '../support/own-servers.ts';
import type { Receiver } from '../support/receiver.ts';
import { startReceiver } from '../support/receiver.ts';
import { startWriting } from '../support/start-writing.ts';
import type { Tablehook } from '../support/tablehook.ts';
import { startTablehook } from '../support/tablehook.ts';
import { until } from '../support/until.ts';

// The client gives a call 5 s, and a worker comes back to its server within seconds: more than a minute means stuck.
const RECOVERY = { timeoutMs: 150_000, what: 'every delivery' };
/** Some deliveries are between two attempts when it dies. */
const FIRST_REFUSED = 10;

describe('a Temporal server that goes away and comes back', () => {
  let folder: Awaited<ReturnType<typeof makeFolder>>;
  let temporal: RunningTemporal;
  let tablehook: Tablehook;
  const receivers: Receiver[] = [];

  beforeAll(async () => {
    folder = await makeFolder();
    temporal = await startOwnTemporal({ dataDir: join(folder.path, 'temporal') });
    tablehook = await startTablehook({ temporalAddress: temporal.address });
  });
  afterAll(async () => {
    await tablehook.stop();
    for (const receiver of receivers) await receiver.close();
    await temporal.stop();
    await folder.remove();
  });

  const endpoint = async () => {
    const receiver = await startReceiver();
    receivers.push(receiver);
    return receiver;
  };
  const comeBack = async () => {
    temporal = await startOwnTemporal({ dataDir: join(folder.path, 'temporal'), port: temporal.port });
  };
  const heardBy = (receiver: Receiver) => countHeard(receiver.received).map(({ changeId }) => changeId);

  it('delivers what was written meanwhile to the webhooks there were, and nothing to those registered after', async () => {
    const [early, late] = [await endpoint(), await endpoint()];
    const table = await tablehook.createTable();
    const first = await tablehook.createWebhook(table.id, { name: 'Early', url: early.url });
    const before = await tablehook.createRecord(table.id);
    await tablehook.deliveryOf(before.changeId, first.id);

    await crash(temporal);
    const during = await tablehook.createRecord(table.id);
    const update = await tablehook.updateRecord(table.id, during.id, { Title: 'Shipped' });
    const ready = await tablehook.call('GET', '/readyz');
    expect([ready.status, ready.body]).toEqual([200, { mongodb: true, temporal: false }]);
    const second = await tablehook.createWebhook(table.id, { name: 'Late', url: late.url });
    const after = await tablehook.createRecord(table.id);
    await comeBack();

    for (const { changeId } of [during, update]) {
      await tablehook.deliveryOf(changeId, first.id);
      const { deliveries } = await tablehook.getChange(changeId ?? '');
      expect(deliveries.map(({ webhookName }) => webhookName)).toEqual(['Early']);
    }
    await tablehook.deliveryOf(after.changeId, first.id);
    await tablehook.deliveryOf(after.changeId, second.id);
    expect(heardBy(late)).toEqual([after.changeId]);
    expect(new Set(heardBy(early))).toEqual(
      new Set([before, during, update, after].map(({ changeId }) => changeId)),
    );
    expect(await tablehook.call('GET', '/readyz')).toMatchObject({ status: 200, body: { temporal: true } });
  });

  it('delivers every change of a stream of writes that it was killed in', async () => {
    const receiver = await endpoint();
    const table = await tablehook.createTable();
    receiver.answerNext(...Array.from({ length: FIRST_REFUSED }, () => ({ status: 503 })));
    const retry = { initialMs: 200, factor: 1, jitter: 0 };
    await tablehook.createWebhook(table.id, { url: receiver.url, retry });
    const stream = startWriting(tablehook, table.id, 3);

    await stream.acceptMore(60);
    await crash(temporal);
    await stream.acceptMore(90);
    await comeBack();
    await stream.acceptMore(60);
    await stream.stop();

    expect(stream.writes.filter(({ reply }) => reply.status !== 201)).toEqual([]);
    const owed = new Set(stream.accepted());
    await until(async () => new Set(heardBy(receiver)).size === owed.size, RECOVERY);
    const heard = countHeard(receiver.received);
    expect(new Set(heard.map(({ changeId }) => changeId))).toEqual(owed);
    // One id for each change, and the same bytes each time it came.
    expect(heard).toHaveLength(owed.size);
    expect(heard.filter(({ bodies }) => bodies.size !== 1)).toEqual([]);
    await until(async () => {
      const open = await tablehook.services.models.deliveries.countDocuments({ open: true });
      return open === 0;
    }, RECOVERY);
    const repeats = receiver.received.length - heard.length - FIRST_REFUSED;
    process.stdout.write(
      `  ${owed.size} changes, ${receiver.received.length} calls, ${repeats} of them repeats\n`,
    );
  }, 300_000);
});
