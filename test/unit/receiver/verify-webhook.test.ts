import { describe, expect, expectTypeOf, it } from 'vitest';
import type { EventBody } from '../../../src/contracts/event-body.ts';
import { renderBody } from '../../../src/domain/render-body.ts';
import { generateWebhookSecret } from '../../../src/services/webhooks/secrets.ts';
import type { FieldChange, PayloadShape, WebhookEvent } from '../../../src/receiver/event.ts';
import { verifyWebhook } from '../../../src/receiver/verify-webhook.ts';
import { newEventBody, signedHeaders } from '../../support/signed-event.ts';

const secret = generateWebhookSecret();
const UPDATED = newEventBody();
const [ITEM] = UPDATED.items as [EventBody['items'][number]];
const IDS = { recordId: ITEM.recordId, recordVersion: ITEM.recordVersion };

function verify<Shape extends PayloadShape = 'full'>(body: unknown, payload?: Shape) {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const headers = signedHeaders({ secrets: [secret], body: text });
  return verifyWebhook({ headers, body: text }, { secrets: secret, ...(payload && { payload }) });
}

describe('verifyWebhook', () => {
  it.each([
    ['record.created', { previous: null }],
    ['record.updated', {}],
    ['record.deleted', { record: null }],
  ] as const)('answers a %s as it was sent, with the facts of its delivery', (type, edits) => {
    const event = newEventBody({ type, items: [{ ...ITEM, ...edits }] });
    const verified = verify(event);
    expect(verified.event).toEqual(event);
    expect(verified).toMatchObject({ deliveryId: 'dlv_01h455vb4pex5vsknk084sn02q', attempt: 3 });
  });

  it('takes what Tablehook renders', () => {
    const body = renderBody(
      {
        id: UPDATED.id,
        type: 'record.deleted',
        timestamp: UPDATED.timestamp,
        operatorId: 'ana',
        source: UPDATED.source,
        table: UPDATED.table,
        ...IDS,
        fieldNames: { fld_1: 'Title' },
        previous: { fld_1: 'Zürich 🪝' },
        record: null,
        changes: [{ fieldId: 'fld_1', fieldName: 'Title', from: 'Zürich 🪝', to: null }],
      },
      UPDATED.webhook,
    );
    const { event } = verify(body);
    if (event.type !== 'record.deleted') throw new Error(event.type);
    expect(event.items[0].previous).toEqual({ Title: 'Zürich 🪝' });
  });

  it('keeps fields that it does not know', () => {
    expect(verify({ ...UPDATED, later: 1 }).event).toHaveProperty('later', 1);
  });

  it.each([
    ['no JSON', '{"version":1', 'not JSON'],
    ['a list', '[]', 'not a JSON object'],
    ['another version', { ...UPDATED, version: 2 }, 'version is not 1'],
    ['another type', { ...UPDATED, type: 'record.moved' }, 'type is not one of record.created'],
    ['no id', { ...UPDATED, id: undefined }, 'id is not a string'],
    ['no table', { ...UPDATED, table: null }, 'table is not an object'],
    ['no items', { ...UPDATED, items: [] }, 'items is not a list of one or more'],
    ['a version of a half', withItem({ recordVersion: 0.5 }), 'items.0.recordVersion is not a whole'],
    ['no record', withItem({ record: null }), 'items.0.record is not an object'],
    ['a body of `includePrevious: false`', withItem({ previous: undefined }), 'payload options'],
    ['a Slack message', { text: 'hello' }, 'version is not 1'],
  ])('refuses %s, and says what is amiss', (_, body, message) => {
    expect(() => verify(body)).toThrow(expect.objectContaining({ code: 'bad-body', status: 400 }));
    expect(() => verify(body)).toThrow(message);
  });

  it('refuses bytes that are no UTF-8, though they are signed', () => {
    const text = '"\ufffd"';
    const headers = signedHeaders({ secrets: [secret], body: text });
    expect(() =>
      verifyWebhook({ headers, body: Uint8Array.of(0x22, 0xff, 0x22) }, { secrets: secret }),
    ).toThrow(expect.objectContaining({ code: 'bad-signature' }));
  });

  it('takes bodies without what was before when told so', () => {
    const changes = [{ fieldId: 'fld_1', fieldName: 'Status', to: 'completed' }];
    const body = { ...UPDATED, items: [{ ...IDS, record: ITEM.record, changes }] };
    expect(verify(body, 'no-previous').event.items[0].changes[0]).toEqual(changes[0]);
    expect(() => verify(body)).toThrow('items.0.previous is missing');
  });

  it('takes bodies of ids when told so', () => {
    const body = { ...UPDATED, items: [IDS] };
    expect(verify(body, 'ids-only').event.items).toEqual([IDS]);
    expect(() => verify(body, 'no-previous')).toThrow('items.0.record is missing');
  });
});

describe('the types of events', () => {
  interface Task {
    Title: string;
    Status: 'pending' | 'completed';
  }

  it('tell created, updated and deleted apart', () => {
    type Of<Type> = Extract<WebhookEvent<Task>, { type: Type }>['items'][0];
    expectTypeOf<Of<'record.created'>['previous']>().toEqualTypeOf<null>();
    expectTypeOf<Of<'record.created'>['record']>().toEqualTypeOf<Partial<Task>>();
    expectTypeOf<Of<'record.updated'>['previous']>().toEqualTypeOf<Partial<Task>>();
    expectTypeOf<Of<'record.deleted'>['record']>().toEqualTypeOf<null>();
    expectTypeOf<Of<'record.deleted'>['changes']>().toEqualTypeOf<FieldChange[]>();
  });

  it('hold no more than the payload does', () => {
    type Item<Shape extends PayloadShape> = WebhookEvent<Task, Shape>['items'][0];
    expectTypeOf<'previous' extends keyof Item<'full'> ? true : false>().toEqualTypeOf<true>();
    expectTypeOf<'previous' extends keyof Item<'no-previous'> ? true : false>().toEqualTypeOf<false>();
    expectTypeOf<
      'from' extends keyof Item<'no-previous'>['changes'][0] ? true : false
    >().toEqualTypeOf<false>();
    expectTypeOf<'record' extends keyof Item<'ids-only'> ? true : false>().toEqualTypeOf<false>();
    expectTypeOf<Item<'ids-only'>['recordVersion']>().toEqualTypeOf<number>();
  });

  it('say what the contract of the body says', () => {
    expectTypeOf<Omit<WebhookEvent, 'items'>>().toExtend<Omit<EventBody, 'items'>>();
    type Loose = Omit<WebhookEvent, 'items' | 'type'>;
    expectTypeOf<Omit<EventBody, 'items' | 'type'>>().toExtend<Loose>();
    expectTypeOf<EventBody['type']>().toEqualTypeOf<WebhookEvent['type']>();
    expectTypeOf<EventBody['items'][number]['changes'][number]>().toExtend<FieldChange>();
    type Keys<Item> = Item extends unknown ? keyof Item : never;
    expectTypeOf<Keys<EventBody['items'][number]>>().toEqualTypeOf<Keys<WebhookEvent['items'][0]>>();
  });
});

function withItem(edits: object): object {
  return { ...UPDATED, items: [{ ...ITEM, ...edits }] };
}
