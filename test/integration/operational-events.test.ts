import { Webhook as StandardWebhook } from 'standardwebhooks';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Change } from '../../src/contracts/change.ts';
import type { Page } from '../../src/contracts/page.ts';
import type { TableRecord } from '../../src/contracts/record.ts';
import { openCommits } from '../../src/services/changes/commit.ts';
import { listChanges } from '../../src/services/changes/list.ts';
import type { OperationalEvent, RequestContext } from '../../src/services/context.ts';
import { EVENTS_TABLE_ID } from '../../src/services/events/system-table.ts';
import { openEventTeller } from '../../src/services/events/tell.ts';
import { newEvent } from '../support/new-event.ts';
import type { Receiver } from '../support/receiver.ts';
import { startReceiver } from '../support/receiver.ts';
import type { Tablehook } from '../support/tablehook.ts';
import { startTablehook } from '../support/tablehook.ts';
import { until } from '../support/until.ts';

const TABLE = `/v1/tables/${EVENTS_TABLE_ID}`;

describe('operational events', () => {
  let tablehook: Tablehook;
  let receiver: Receiver;

  beforeAll(async () => {
    tablehook = await startTablehook();
    receiver = await startReceiver();
  });
  afterAll(async () => {
    await tablehook.stop();
    await receiver.close();
  });

  const tell = async (...events: OperationalEvent[]) => tablehook.worker.events.tell(events);
  const changesOf = async ({ eventKey }: OperationalEvent) =>
    tablehook.services.models.changes.find({ tableId: EVENTS_TABLE_ID, changeKey: eventKey }).lean();
  const changeOf = async (event: OperationalEvent) => {
    const [change] = await changesOf(event);
    if (!change) throw new Error('the event was not told');
    return change;
  };
  const countRecords = async () =>
    tablehook.services.models.records.countDocuments({ tableId: EVENTS_TABLE_ID });
  /** Another process that tells. */
  const openTeller = () =>
    openEventTeller({ ...tablehook.services, commits: openCommits(), starter: tablehook.worker.fastPath });
  const valuesOf = (event: OperationalEvent) => ({
    Event: event.type,
    TableId: event.tableId,
    WebhookId: event.webhookId,
    WebhookName: event.webhookName,
    ...(event.deliveryId !== null && { DeliveryId: event.deliveryId }),
    Reason: event.reason,
    At: event.at.toISOString(),
  });

  it('are records, each with a change that says it came from Tablehook itself', async () => {
    const event = newEvent();
    await tell(event);
    const { _id, recordId } = await changeOf(event);
    const { body } = await tablehook.call<TableRecord>('GET', `${TABLE}/records/${recordId}`);
    expect([body.version, body.values]).toEqual([1, valuesOf(event)]);
    const listed = await tablehook.call<Page<TableRecord>>('GET', `${TABLE}/records?limit=200`);
    expect(listed.body.data).toContainEqual(body);
    const change = await tablehook.call<Change>('GET', `/v1/changes/${_id}`);
    expect(change.body).toMatchObject({
      type: 'record.created',
      recordVersion: 1,
      timestamp: event.at.toISOString(),
      operatorId: 'tablehook',
      source: { kind: 'system', requestId: 'tablehook', hops: 0 },
      previous: null,
      record: valuesOf(event),
    });
  });

  it('stand in the change log, once they are old enough', async () => {
    const event = newEvent();
    await tell(event);
    expect((await tablehook.call('GET', `${TABLE}/changes`)).status).toBe(200);
    // The verb alone, since nobody waits here for the clock of the API.
    const clock = () => new Date(Date.now() + 120_000);
    const actor = { apiKeyId: '', name: '', scopes: [], tables: null };
    const context = { ...tablehook.services, clock, actor } as unknown as RequestContext;
    const log = await listChanges(context, { tableId: EVENTS_TABLE_ID, limit: 200, keys: 'name' });
    expect(log.data.map(({ record }) => record)).toContainEqual(valuesOf(event));
  });

  it('leave DeliveryId empty when no delivery is meant, and shorten a reason without end', async () => {
    const event = newEvent({ type: 'webhook.paused', deliveryId: null, reason: 'x'.repeat(1_000_000) });
    await tell(event);
    const { recordId } = await changeOf(event);
    const { body } = await tablehook.call<TableRecord>('GET', `${TABLE}/records/${recordId}`);
    expect(Object.keys(body.values)).not.toContain('DeliveryId');
    expect(body.values['Reason']).toHaveLength(2_000);
  });

  it('are one record when the same one is told twice: again, together, and by several processes at once', async () => {
    const before = await countRecords();
    const event = newEvent();
    const other = newEvent();
    const tellers = [tablehook.worker.events, openTeller(), openTeller(), openTeller()];
    await Promise.all(
      tellers.flatMap((teller) => [teller.tell([event, event]), teller.tell([other, event])]),
    );
    await tell(event, newEvent(), other);
    expect([await changesOf(event), await changesOf(other)].map(({ length }) => length)).toEqual([1, 1]);
    expect(await countRecords()).toBe(before + 3);
  });

  it('are all told when there are many at once', async () => {
    const before = await countRecords();
    await tell(...Array.from({ length: 250 }, () => newEvent()));
    expect(await countRecords()).toBe(before + 250);
  });

  it('are not told of webhooks that listen to events', async () => {
    const own = newEvent({ tableId: EVENTS_TABLE_ID });
    const event = newEvent();
    await tell(own, event);
    await tell(own);
    expect([await changesOf(own), await changesOf(event)].map(({ length }) => length)).toEqual([0, 1]);
  });

  it('reject when they could not be stored, and are told by telling again', async () => {
    const event = newEvent();
    const session = { startSession: async () => Promise.reject(new Error('no database')) };
    const models = { ...tablehook.services.models, connection: session as never };
    const failing = openEventTeller({
      ...tablehook.services,
      models,
      commits: openCommits(),
      starter: tablehook.worker.fastPath,
    });
    await expect(failing.tell([event])).rejects.toThrow('no database');
    await tell(event);
    expect(await changesOf(event)).toHaveLength(1);
  });

  it('reach a webhook on their table, signed like any delivery', async () => {
    const { body: webhook } = await tablehook.call<{ id: string; secret: string }>(
      'POST',
      `${TABLE}/webhooks`,
      { name: 'Pager', url: receiver.url, events: ['record.created'] },
    );
    const event = newEvent();
    await tell(event);
    const received = await until(
      async () => receiver.received.find(({ event: { webhook: of } }) => of.id === webhook.id),
      { what: 'a delivery of the event' },
    );
    const headers = Object.fromEntries(
      Object.entries(received.headers).map(([name, value]) => [name, String(value)]),
    );
    expect(() => new StandardWebhook(webhook.secret).verify(received.body, headers)).not.toThrow();
    expect(received.event).toMatchObject({
      type: 'record.created',
      operatorId: 'tablehook',
      table: { id: EVENTS_TABLE_ID, name: 'tablehook.events' },
      items: [{ previous: null, record: valuesOf(event) }],
    });
    const delivery = await tablehook.deliveryOf((await changeOf(event))._id, webhook.id);
    expect(delivery.state).toBe('delivered');
    await tablehook.call('DELETE', `/v1/webhooks/${webhook.id}`);
  });
});
