import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ReportChangesResult } from '../../../src/contracts/change.ts';
import type { Delivery } from '../../../src/contracts/delivery.ts';
import type { EventBody } from '../../../src/contracts/event-body.ts';
import type { JsonObject } from '../../../src/contracts/json.ts';
import type { CreatedWebhook, Webhook } from '../../../src/contracts/webhook.ts';
import type { Receiver } from '../../support/receiver.ts';
import { startReceiver } from '../../support/receiver.ts';
import type { Tablehook } from '../../support/tablehook.ts';
import { startTablehook } from '../../support/tablehook.ts';
import type { TemporalView } from '../../support/temporal.ts';
import { viewTemporal } from '../../support/temporal.ts';
import { until } from '../../support/until.ts';

const WAIT = { waitMs: 1_500, maxWaitMs: 6_000 };

describe('a webhook that merges edits', () => {
  let tablehook: Tablehook;
  let temporal: TemporalView;
  let receiver: Receiver;
  let tableId: string;
  let webhook: CreatedWebhook;

  beforeAll(async () => {
    tablehook = await startTablehook({ reconcileEveryMs: 1_000 });
    temporal = await viewTemporal();
  });
  afterAll(async () => {
    await temporal.close();
    await tablehook.stop();
  });
  beforeEach(async () => {
    receiver = await startReceiver();
    tableId = (await tablehook.createTable()).id;
    webhook = await register({ coalesce: WAIT });
  });
  afterEach(async () => receiver.close());

  const register = async (delivery: object): Promise<CreatedWebhook> =>
    tablehook.createWebhook(tableId, {
      url: receiver.url,
      retry: { initialMs: 100, jitter: 0 },
      delivery,
    });
  const edit = async (recordId: string, values: JsonObject): Promise<string> => {
    const { changeId } = await tablehook.updateRecord(tableId, recordId, values);
    return changeId ?? '';
  };
  const remove = async (recordId: string): Promise<string> => {
    const path = `/v1/tables/${tableId}/records/${recordId}`;
    const { headers } = await tablehook.call('DELETE', path);
    return headers.get('tablehook-change-id') ?? '';
  };
  /** A record whose creation this webhook was told, so that only edits are to come. */
  const knownRecord = async (values: JsonObject = { Title: 'Ship', Count: 0 }): Promise<string> => {
    const { id, changeId } = await tablehook.createRecord(tableId, values);
    await tablehook.deliveryOf(changeId, webhook.id);
    receiver.received.splice(0);
    return id;
  };
  const patch = async (body: object) => tablehook.call<Webhook>('PATCH', `/v1/webhooks/${webhook.id}`, body);
  /** Of one record, they may be planned in any order. */
  const changesOf = ({ changeId, mergedChangeIds }: Delivery) => [changeId, ...mergedChangeIds].toSorted();
  const items = () => receiver.received.map(({ event }) => event.items[0]);
  const counts = (event: EventBody | undefined) =>
    event?.items[0]?.changes.map(({ fieldName, from, to }) => [fieldName, from, to]);

  it('gets five edits as one, from the state before the first to the state after the last', async () => {
    const recordId = await knownRecord();
    const changeIds: string[] = [];
    for (const count of [1, 2, 3, 4, 5]) changeIds.push(await edit(recordId, { Count: count }));
    const [first = ''] = changeIds;
    const waiting = await tablehook.deliveryOf(first, webhook.id, 'waiting');
    expect(waiting).toMatchObject({ waitReason: 'coalescing', attemptCount: 0 });
    expect(waiting.nextAttemptAt).not.toBeNull();
    const delivery = await tablehook.deliveryOf(first, webhook.id);
    expect(delivery).toMatchObject({ recordVersion: 6, eventType: 'record.updated', attemptCount: 1 });
    expect(changesOf(delivery)).toEqual(changeIds);
    expect(receiver.received).toHaveLength(1);
    const [request] = receiver.received;
    expect(request?.headers['webhook-id']).toBe(delivery.id);
    expect(request?.event).toMatchObject({ id: changeIds[4], type: 'record.updated' });
    expect(items()[0]).toMatchObject({
      recordVersion: 6,
      previous: { Title: 'Ship', Count: 0 },
      record: { Title: 'Ship', Count: 5 },
    });
    expect(counts(request?.event)).toEqual([['Count', 0, 5]]);
  });

  it('shows for each merged change the delivery it went out in, and ends its workflow', async () => {
    const recordId = await knownRecord();
    const first = await edit(recordId, { Count: 1 });
    await tablehook.deliveryOf(first, webhook.id, 'waiting');
    const second = await edit(recordId, { Title: 'Sail' });
    const delivery = await tablehook.deliveryOf(second, webhook.id);
    expect((await tablehook.getChange(first)).deliveries.map(({ id }) => id)).toEqual([delivery.id]);
    const change = await tablehook.getChange(second);
    expect(change.deliveries).toMatchObject([
      { id: delivery.id, changeId: first, mergedChangeIds: [second] },
    ]);
    for (const workflowId of [change.workflow?.id ?? '', delivery.workflow.id ?? '']) {
      expect((await temporal.ended(workflowId)).status.name).toBe('COMPLETED');
    }
    expect(await temporal.currentDetails(second)).toContain(`**CRM** merged into \`${delivery.id}\``);
  });

  it('gets what keeps being edited when the longest wait is over, and the rest after', async () => {
    await patch({ delivery: { coalesce: { waitMs: 1_400, maxWaitMs: 1_500 } } });
    const recordId = await knownRecord();
    const changeIds: string[] = [];
    for (let count = 1; receiver.received.length === 0; count += 1) {
      changeIds.push(await edit(recordId, { Count: count }));
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    const last = await tablehook.deliveryOf(changeIds.at(-1) ?? '', webhook.id);
    await until(async () => receiver.received.length > 1 || last.changeId === changeIds[0]);
    const docs = await tablehook.services.models.deliveries
      .find({ webhookId: webhook.id, changeId: { $in: changeIds } })
      .sort({ _id: 1 })
      .lean();
    const tookMs = docs.map(
      ({ attempts, owedSince }) => (attempts[0]?.startedAt.getTime() ?? 0) - owedSince.getTime(),
    );
    expect(Math.max(...tookMs)).toBeGreaterThanOrEqual(1_500);
    expect(docs[0]?.mergedChangeIds.length).toBeGreaterThan(1);
    const told = docs.flatMap(({ changeId, mergedChangeIds }) => [changeId, ...mergedChangeIds]);
    expect(told.toSorted()).toEqual(changeIds.toSorted());
    // Nothing is left out between one delivery and the next.
    expect(
      items()
        .slice(1)
        .map((item) => item?.previous),
    ).toEqual(
      items()
        .slice(0, -1)
        .map((item) => item?.record),
    );
    expect(items().at(-1)?.record).toMatchObject({ Count: changeIds.length });
  });

  it('gets what was merged so far when it is retried, and later edits apart', async () => {
    await patch({ delivery: { coalesce: { waitMs: 60_000, maxWaitMs: 60_000 } } });
    const { id: recordId, changeId: first } = await tablehook.createRecord(tableId);
    const waiting = await tablehook.deliveryOf(first, webhook.id, 'waiting');
    await tablehook.call('POST', `/v1/deliveries/${waiting.id}/retry`);
    const later = await edit(recordId, { Count: 1 });
    await tablehook.deliveryOf(first, webhook.id);
    expect((await tablehook.deliveryOf(later, webhook.id, 'waiting')).id).not.toBe(waiting.id);
    expect(items()).toMatchObject([{ recordVersion: 1 }]);
  });

  it('hears nothing of an edit that was undone', async () => {
    const recordId = await knownRecord();
    const first = await edit(recordId, { Count: 1 });
    await edit(recordId, { Title: 'Sail' });
    await edit(recordId, { Count: 0, Title: 'Ship' });
    const cancelled = await tablehook.deliveryOf(first, webhook.id, 'cancelled', 'delivered');
    expect(cancelled).toMatchObject({ state: 'cancelled', cancelReason: 'undone', attemptCount: 0 });
    expect(receiver.received).toEqual([]);
    const ended = await temporal.ended(cancelled.workflow.id ?? '');
    expect(ended.status.name).toBe('COMPLETED');
    const again = await tablehook.call('POST', `/v1/deliveries/${cancelled.id}/redeliver`);
    expect(again.status).toBe(409);
    const selection = { webhookId: webhook.id, filter: { states: ['cancelled'] }, dryRun: true };
    expect((await tablehook.call('POST', '/v1/replays', selection)).body).toEqual({ selected: 0 });
    await tablehook.deliveryOf(await edit(recordId, { Count: 2 }), webhook.id);
    expect(counts(receiver.received[0]?.event)).toEqual([['Count', 0, 2]]);
  });

  it('hears of an edit that was undone and made again', async () => {
    const recordId = await knownRecord();
    for (const count of [1, 0, 1]) await edit(recordId, { Count: count });
    await until(async () => receiver.received.length > 0);
    expect(counts(receiver.received[0]?.event)).toEqual([['Count', 0, 1]]);
  });

  it('gets a new record with its edits as created, in its last state', async () => {
    const { id, changeId } = await tablehook.createRecord(tableId, { Title: 'Ship' });
    await edit(id, { Count: 1 });
    await edit(id, { Title: 'Sail' });
    const delivery = await tablehook.deliveryOf(changeId, webhook.id);
    expect(delivery).toMatchObject({ eventType: 'record.created', recordVersion: 3 });
    expect(receiver.received.map(({ event }) => event.type)).toEqual(['record.created']);
    expect(receiver.received[0]?.headers['tablehook-event']).toBe('record.created');
    expect(items()[0]).toMatchObject({ previous: null, record: { Title: 'Sail', Count: 1 } });
  });

  it('gets a record that was edited and deleted as deleted, as it was before', async () => {
    const recordId = await knownRecord();
    const first = await edit(recordId, { Count: 1 });
    await remove(recordId);
    expect(await tablehook.deliveryOf(first, webhook.id)).toMatchObject({ eventType: 'record.deleted' });
    expect(receiver.received.map(({ event }) => event.type)).toEqual(['record.deleted']);
    expect(items()[0]).toMatchObject({ previous: { Title: 'Ship', Count: 0 }, record: null });
  });

  it('hears nothing of a record that was created and deleted', async () => {
    const { id, changeId } = await tablehook.createRecord(tableId);
    await edit(id, { Count: 1 });
    const last = await remove(id);
    const cancelled = await tablehook.deliveryOf(changeId, webhook.id, 'cancelled', 'delivered');
    expect(cancelled).toMatchObject({ cancelReason: 'undone', attemptCount: 0 });
    expect((await tablehook.deliveryOf(last, webhook.id, 'cancelled')).id).toBe(cancelled.id);
    expect(receiver.received).toEqual([]);
  });

  it('gets the edits of two records apart, and of one at once however many are planned together', async () => {
    const [one, other] = [await knownRecord(), await knownRecord()];
    receiver.received.splice(0);
    const edits = Array.from({ length: 20 }, (_, index) =>
      edit(index % 2 === 0 ? one : other, { Title: `edit ${index}` }),
    );
    const changeIds = await Promise.all(edits);
    for (const changeId of changeIds) await tablehook.deliveryOf(changeId, webhook.id);
    expect(receiver.received).toHaveLength(2);
    expect(new Set(items().map((item) => item?.recordId))).toEqual(new Set([one, other]));
    for (const item of items()) {
      expect(item).toMatchObject({ recordVersion: 11, previous: { Title: 'Ship' } });
    }
  });

  it('gets changes of one record that were reported in one go as one', async () => {
    const states = ['pending', 'pending', 'completed', 'completed', 'pending'];
    const changes = states.map((status, index) => ({
      changeKey: `${tableId} ${index}`,
      type: 'record.updated',
      recordId: 'inv-991',
      previous: { Title: `v${index}`, Status: states[index - 1] ?? 'pending' },
      record: { Title: `v${index + 1}`, Status: status },
    }));
    const path = `/v1/tables/${tableId}/changes`;
    const { body } = await tablehook.call<ReportChangesResult>('POST', path, { changes });
    const changeIds = body.results.map(({ changeId }) => changeId ?? '');
    const delivery = await tablehook.deliveryOf(changeIds[0] ?? '', webhook.id);
    expect(changesOf(delivery)).toEqual(changeIds.toSorted());
    expect(receiver.received).toHaveLength(1);
    expect(counts(receiver.received[0]?.event)).toEqual([['Title', 'v0', 'v5']]);
  });

  it('gets the same bytes again when it did not take them at first', async () => {
    const recordId = await knownRecord();
    receiver.answerNext({ status: 503 });
    const first = await edit(recordId, { Count: 1 });
    await edit(recordId, { Count: 2 });
    const delivery = await tablehook.deliveryOf(first, webhook.id);
    expect(delivery.attemptCount).toBe(2);
    const [one, other] = receiver.received;
    expect(one?.body).toBe(other?.body);
    expect(one?.headers['webhook-id']).toBe(other?.headers['webhook-id']);
    // What was sent takes no more edits.
    const later = await tablehook.deliveryOf(await edit(recordId, { Count: 3 }), webhook.id);
    expect(later.id).not.toBe(delivery.id);
  });
});
