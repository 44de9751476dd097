import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/contracts/json.ts';
import type { Page } from '../../src/contracts/page.ts';
import type { Problem } from '../../src/contracts/problem.ts';
import type { Table } from '../../src/contracts/table.ts';
import type { Webhook } from '../../src/contracts/webhook.ts';
import type { Receiver } from '../support/receiver.ts';
import { startReceiver } from '../support/receiver.ts';
import type { Tablehook } from '../support/tablehook.ts';
import { startTablehook } from '../support/tablehook.ts';
import { until } from '../support/until.ts';

describe('what is sent', () => {
  let tablehook: Tablehook;
  let receiver: Receiver;
  let table: Table;
  beforeAll(async () => {
    tablehook = await startTablehook();
    receiver = await startReceiver();
  });
  afterAll(async () => {
    await tablehook.stop();
    await receiver.close();
  });
  beforeEach(async () => {
    table = await tablehook.createTable();
  });

  const register = (payload: Record<string, unknown>) =>
    tablehook.createWebhook(table.id, { url: receiver.url, payload });
  const idOf = (name: string) => table.fields.find((field) => field.name === name)?.id ?? '';
  /** A record that is created, updated and deleted. */
  const live = async () => {
    const { id, changeId: created } = await tablehook.createRecord(table.id, {
      Title: 'Ship',
      Status: 'pending',
    });
    const { changeId: updated } = await tablehook.updateRecord(table.id, id, {
      Status: 'completed',
      Count: 3,
    });
    const path = `/v1/tables/${table.id}/records/${id}?operatorId=ana`;
    const removed = await tablehook.call('DELETE', path);
    return { id, changeIds: [created, updated, removed.headers.get('tablehook-change-id')] };
  };
  /** The bodies that a webhook sent of these changes, in their order. */
  const bodiesOf = async (webhookId: string, changeIds: (string | null)[]): Promise<JsonObject[]> => {
    const bodies: JsonObject[] = [];
    for (const changeId of changeIds) {
      const { id } = await tablehook.deliveryOf(changeId, webhookId);
      const request = receiver.received.find(({ headers }) => headers['webhook-id'] === id);
      bodies.push(JSON.parse(request?.body ?? '') as JsonObject);
    }
    return bodies;
  };
  const itemsOf = (bodies: JsonObject[]) => bodies.map((body) => (body['items'] as JsonObject[])[0]);

  it('is of the fields asked for by name or id, also when none of them changed', async () => {
    const { id, payload } = await register({ fields: ['Title', idOf('Count')] });
    expect(payload.fields).toEqual([idOf('Title'), idOf('Count')]);
    const { changeIds } = await live();
    const items = itemsOf(await bodiesOf(id, changeIds));
    expect(items).toMatchObject([
      { previous: null, record: { Title: 'Ship' }, changes: [{ fieldName: 'Title' }] },
      { previous: { Title: 'Ship' }, record: { Title: 'Ship', Count: 3 }, changes: [{ fieldName: 'Count' }] },
      { previous: { Title: 'Ship', Count: 3 }, record: null },
    ]);
    expect(JSON.stringify(items)).not.toContain('pending');
    const only = await register({ fields: ['Count'] });
    const { id: recordId, changeId: made } = await tablehook.createRecord(table.id, { Title: 'A' });
    const { changeId } = await tablehook.updateRecord(table.id, recordId, { Title: 'B' });
    const [, item] = itemsOf(await bodiesOf(only.id, [made, changeId]));
    expect(item).toMatchObject({ previous: {}, record: {}, changes: [] });
  });

  it('is keyed by field id, without what was before, or of ids only', async () => {
    const byId = await register({ keys: 'id' });
    const bare = await register({ includePrevious: false });
    const ids = await register({ idsOnly: true });
    const { id: recordId, changeIds } = await live();
    expect(itemsOf(await bodiesOf(byId.id, changeIds))[1]).toMatchObject({
      previous: { [idOf('Title')]: 'Ship', [idOf('Status')]: 'pending' },
      record: { [idOf('Title')]: 'Ship', [idOf('Status')]: 'completed', [idOf('Count')]: 3 },
    });
    const items = itemsOf(await bodiesOf(bare.id, changeIds));
    expect(items.map((item) => Object.keys(item ?? {}))).toEqual(
      Array.from({ length: 3 }, () => ['recordId', 'recordVersion', 'record', 'changes']),
    );
    expect(items[1]?.['changes']).toEqual([
      { fieldId: idOf('Status'), fieldName: 'Status', to: 'completed' },
      { fieldId: idOf('Count'), fieldName: 'Count', to: 3 },
    ]);
    expect(itemsOf(await bodiesOf(ids.id, changeIds))).toEqual(
      [1, 2, 3].map((recordVersion) => ({ recordId, recordVersion })),
    );
  });

  it('is a message for people in the format slack', async () => {
    const { id } = await register({ format: 'slack' });
    const { id: recordId, changeIds } = await live();
    const [created, updated, deleted] = await bodiesOf(id, changeIds);
    expect(created).toMatchObject({ text: 'Tasks · Ship was created by test' });
    const texts = JSON.stringify(updated);
    expect(texts).toContain('Status: pending → completed');
    expect(texts).toContain('Count: (none) → 3');
    const url = tablehook.services.recordWorkflowsLink(recordId).url?.replaceAll('&', '&amp;');
    expect(updated?.['blocks']).toMatchObject([
      { type: 'section', text: { text: `*Tasks* · <${url}|Ship> was updated` } },
      { type: 'section' },
      { type: 'context' },
    ]);
    expect(deleted).toMatchObject({ text: 'Tasks · Ship was deleted by ana' });
  });

  it('is what a template makes of the event, with its other options, byte by byte on every attempt', async () => {
    const template = '{ "what": "{{ event.type }}", "keys": {{ item | json }} }\n';
    const { id } = await register({
      format: 'template',
      template,
      keys: 'id',
      fields: ['Status'],
      includePrevious: false,
    });
    const { id: recordId, changeIds } = await live();
    const [, updated] = await bodiesOf(id, changeIds);
    expect(updated).toEqual({
      what: 'record.updated',
      keys: {
        recordId,
        recordVersion: 2,
        record: { [idOf('Status')]: 'completed' },
        changes: [{ fieldId: idOf('Status'), fieldName: 'Status', to: 'completed' }],
      },
    });
    const { id: deliveryId } = await tablehook.deliveryOf(changeIds[1] ?? null, id);
    const requests = () => receiver.received.filter(({ headers }) => headers['webhook-id'] === deliveryId);
    await tablehook.call('PATCH', `/v1/webhooks/${id}`, { payload: { template: '[]' } });
    await tablehook.call('POST', `/v1/deliveries/${deliveryId}/redeliver`);
    await until(async () => requests().length === 2, { what: 'the redelivery' });
    const [first, second] = requests();
    expect(second?.body).toBe(first?.body);
    expect(first?.body.startsWith('{ "what"')).toBe(true);
  });

  it('follows edits of the options, of which null takes one away', async () => {
    const { id } = await register({ fields: ['Title'], keys: 'id' });
    const edit = (payload: unknown) => tablehook.call<Webhook>('PATCH', `/v1/webhooks/${id}`, { payload });
    expect((await edit({ includePrevious: false })).body.payload).toEqual({
      format: 'standard',
      fields: [idOf('Title')],
      keys: 'id',
      includePrevious: false,
      idsOnly: false,
    });
    expect((await edit({ fields: null, keys: 'name' })).body.payload).not.toHaveProperty('fields');
    const { changeIds } = await live();
    expect(itemsOf(await bodiesOf(id, changeIds))[0]).toMatchObject({
      record: { Title: 'Ship', Status: 'pending' },
    });
    const template = await edit({ format: 'template', template: '{"id":"{{ event.id }}"}' });
    expect(template.status).toBe(200);
    const back = await edit({ format: 'standard', template: null });
    expect(back.body.payload).not.toHaveProperty('template');
  });

  describe('by a template', () => {
    const save = (template: string, events = ['record.*'], more: Record<string, unknown> = {}) =>
      tablehook.call<Problem & { id: string }>('POST', `/v1/tables/${table.id}/webhooks`, {
        name: 'T',
        url: receiver.url,
        events,
        payload: { format: 'template', template, ...more },
      });
    const pathsOf = ({ body }: { body: Problem }) => (body.errors ?? []).map(({ path }) => path);

    it('is refused with place and excerpt when it does not parse', async () => {
      const reply = await save('{\n  "a": {{ item.record.Title | shout }} }');
      expect([reply.status, pathsOf(reply)]).toEqual([422, ['payload.template']]);
      expect(reply.body.errors?.[0]?.message).toMatch(
        /line 2, column 8: undefined filter: shout in "a": \{\{/,
      );
    });

    it('is refused when it yields no JSON of a sample, with values or without', async () => {
      expect((await save('{"id": {{ event.id }} }')).body.detail).toMatch(
        /sample record.created with every value set/,
      );
      const count = '{"count": {{ item.record.Count }} }';
      const reply = await save(count, ['record.created']);
      expect([reply.status, pathsOf(reply)]).toEqual([422, ['payload.template']]);
      expect(reply.body.detail).toMatch(
        /record.created whose values are cleared or were not set.*not valid JSON/,
      );
      const whole = '{"count": {{ item.record.Count | json }} }';
      expect((await save(whole, ['record.created'])).status).toBe(201);
      const titled = '{% if item.record %}{"a":1}{% endif %}';
      expect((await save(titled, ['record.created', 'record.updated'])).status).toBe(201);
      expect((await save(titled, ['record.deleted'])).status).toBe(422);
      expect((await save('{"f":{{ item.record | json }}}', ['record.*'], { idsOnly: true })).status).toBe(
        201,
      );
      const { body } = await tablehook.call<Page<Webhook>>('GET', `/v1/tables/${table.id}/webhooks`);
      expect(body.data).toHaveLength(3);
    });

    it('is checked again with every edit of payload or events, and what was not valid changed nothing', async () => {
      const fine = '{% if item.record %}{"a":1}{% endif %}';
      const { id } = (await save(fine, ['record.created'])).body;
      const read = async () => (await tablehook.call<Webhook>('GET', `/v1/webhooks/${id}`)).body;
      const before = await read();
      const edits: [unknown, number][] = [
        [{ payload: { template: 'no' } }, 422],
        [{ events: ['record.deleted'] }, 422],
        [{ payload: { idsOnly: true } }, 422],
        [{ payload: { template: null } }, 400],
        [{ payload: { format: 'standard' } }, 400],
        [{ name: 'Renamed', payload: { template: '{{' } }, 422],
        [{ payload: { fields: ['Nope'] } }, 422],
        [{ payload: { more: 1 } }, 400],
      ];
      for (const [edit, status] of edits) {
        const reply = await tablehook.call<Problem>('PATCH', `/v1/webhooks/${id}`, edit);
        expect([edit, reply.status]).toEqual([edit, status]);
      }
      expect(await read()).toEqual(before);
      const both = { events: ['record.deleted'], payload: { template: '[]' } };
      expect((await tablehook.call('PATCH', `/v1/webhooks/${id}`, both)).status).toBe(200);
      const standard = await register({});
      const added = { payload: { template: '[]' } };
      const reply = await tablehook.call<Problem>('PATCH', `/v1/webhooks/${standard.id}`, added);
      expect([reply.status, pathsOf(reply)]).toEqual([400, ['payload.template']]);
    });
  });

  it('goes on without a field that was deleted, and by the names that fields have now', async () => {
    const { id } = await register({ fields: ['Title', 'Count'] });
    const [title, status] = table.fields;
    const fields = [{ ...title, name: 'Name' }, status];
    await tablehook.call('PATCH', `/v1/tables/${table.id}`, { fields });
    const { changeId } = await tablehook.createRecord(table.id, { Name: 'Ship', Status: 'pending' });
    expect(itemsOf(await bodiesOf(id, [changeId]))[0]).toMatchObject({ record: { Name: 'Ship' } });
  });

  it('fits the schema that the API answers, in every format and with every option', async () => {
    const template = '{"all":{{ event | json }}}';
    const payloads: Record<string, unknown>[] = [
      {},
      { fields: ['Title', 'Count'] },
      { keys: 'id' },
      { includePrevious: false },
      { idsOnly: true },
      { fields: ['Status'], keys: 'id', includePrevious: false },
      { format: 'slack' },
      { format: 'slack', fields: ['Title'], includePrevious: false },
      { format: 'template', template },
    ];
    const webhooks = await Promise.all(payloads.map((payload) => register(payload)));
    const merging = await tablehook.createWebhook(table.id, {
      url: receiver.url,
      delivery: { coalesce: { waitMs: 500, maxWaitMs: 1_000 } },
    });
    const { changeIds } = await live();
    const { id: recordId, changeId } = await tablehook.createRecord(table.id, {
      Title: 'Old',
      Status: 'pending',
    });
    changeIds.push(changeId);
    await tablehook.deliveryOf(changeId, merging.id);
    const earlier = await tablehook.updateRecord(table.id, recordId, { Title: 'Older', Status: null });
    // Both names go to the other field: what was written before has older names.
    const [title, status, count] = table.fields;
    const fields = [{ ...title, name: 'Count' }, status, { ...count, name: 'Title' }];
    await tablehook.call('PATCH', `/v1/tables/${table.id}`, { fields });
    const later = await tablehook.updateRecord(table.id, recordId, { Count: 'New', Title: 5 });
    changeIds.push(earlier.changeId, later.changeId);
    const ajv = new Ajv2020({ strictTypes: false, formats: { 'date-time': true } });
    for (const { id } of webhooks) {
      const schema = await tablehook.call<JsonObject>('GET', `/v1/webhooks/${id}/schema`);
      expect([schema.status, schema.headers.get('content-type')]).toEqual([
        200,
        expect.stringMatching(/^application\/json/),
      ]);
      const validate = ajv.compile(schema.body);
      for (const body of await bodiesOf(id, changeIds)) {
        expect(validate(body), JSON.stringify([validate.errors, body])).toBe(true);
      }
    }
    await tablehook.deliveryOf(earlier.changeId, merging.id);
    const { body: schema } = await tablehook.call<JsonObject>('GET', `/v1/webhooks/${merging.id}/schema`);
    const validate = ajv.compile(schema);
    const sent = receiver.received.filter(({ event }) => event.webhook?.id === merging.id);
    expect(sent.length).toBeGreaterThan(1);
    for (const { event } of sent) expect(validate(event), JSON.stringify(validate.errors)).toBe(true);
  });
});
