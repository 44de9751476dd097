import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Table } from '../../src/contracts/table.ts';
import type { Webhook } from '../../src/contracts/webhook.ts';
import type { Models } from '../../src/models/models.ts';
import { openCommits } from '../../src/services/changes/commit.ts';
import type { RequestContext } from '../../src/services/context.ts';
import { writeRecords } from '../../src/services/records/write.ts';
import { updateTable } from '../../src/services/tables/update.ts';
import { updateWebhook } from '../../src/services/webhooks/update.ts';
import type { Receiver } from '../support/receiver.ts';
import { startReceiver } from '../support/receiver.ts';
import type { Tablehook } from '../support/tablehook.ts';
import { startTablehook } from '../support/tablehook.ts';

const FIELDS = [
  { name: 'Title', type: 'text' },
  { name: 'Stage', type: 'select', options: ['open', 'won'] },
];
const KEY = 'key_01hzzzzzzzzzzzzzzzzzzzzzzz';
const DIES = new Error('the process dies here');

describe('a webhook that needs attention', () => {
  let tablehook: Tablehook;
  let receiver: Receiver;
  let table: Table;
  beforeAll(async () => {
    tablehook = await startTablehook({ reconcileEveryMs: 200 });
    receiver = await startReceiver();
  });
  afterAll(async () => {
    await tablehook.stop();
    await receiver.close();
  });
  beforeEach(async () => {
    table = (await tablehook.call<Table>('POST', '/v1/tables', { name: 'Deals', fields: FIELDS })).body;
  });

  const contextOf = (parts: Partial<RequestContext> = {}) => {
    const actor = { apiKeyId: 'key', name: 'test', scopes: ['admin'], tables: null };
    const { waker, fastPath: starter, events } = tablehook.worker;
    const more = { requestId: 'req', hops: 0, idempotency: null, commits: openCommits(), ...parts };
    return { ...tablehook.services, actor, waker, starter, events, ...more } as unknown as RequestContext;
  };
  const dying = () =>
    contextOf({
      events: {
        tell: async () => {
          throw DIES;
        },
      },
    });
  const register = async (input: Record<string, unknown>) =>
    tablehook.createWebhook(table.id, { url: receiver.url, ...input });
  const withOptions = (options: string[]) => ({
    fields: table.fields.map((field) => (field.name === 'Stage' ? { ...field, options } : field)),
  });
  const setOptions = async (options: string[]) =>
    tablehook.call('PATCH', `/v1/tables/${table.id}`, withOptions(options));
  const statusOf = async (webhookId: string) =>
    (await tablehook.call<Webhook>('GET', `/v1/webhooks/${webhookId}`)).body.status;

  it('is sent what it missed, though whoever mended it died right after', async () => {
    const { id } = await register({ condition: { filter: { Stage: 'won' } } });
    await setOptions(['open']);
    const { changeId } = await tablehook.createRecord(table.id, { Title: 'A' });
    const mend = { webhookId: id, condition: { filter: { Title: 'A' }, when: 'matches' as const } };
    await expect(updateWebhook(dying(), mend)).rejects.toThrow(DIES);
    expect(await statusOf(id)).toBe('active');
    await tablehook.deliveryOf(changeId, id);
  });

  it('is sent what it missed, though whoever mended its table died right after', async () => {
    const { id } = await register({ condition: { filter: { Stage: { $in: ['open', 'won'] } } } });
    await setOptions(['open']);
    const { changeId } = await tablehook.createRecord(table.id, { Stage: 'open' });
    const mend = { tableId: table.id, ...withOptions(['open', 'won']) };
    await expect(updateTable(dying(), mend)).rejects.toThrow(DIES);
    expect(await statusOf(id)).toBe('active');
    await tablehook.deliveryOf(changeId, id);
  });

  it('is sent what was being written just when it was mended, and what was written after only once', async () => {
    const { id } = await register({ condition: { filter: { Stage: { $in: ['open', 'won'] } } } });
    await setOptions(['open']);
    let begun = () => {};
    let goOn = () => {};
    const hasBegun = new Promise<void>((resolve) => void (begun = resolve));
    const mayEnd = new Promise<void>((resolve) => void (goOn = resolve));
    const writing = writeRecords(
      contextOf(),
      {
        tableId: table.id,
        operations: [{ op: 'create', values: { Stage: 'open' } }],
        operatorId: undefined,
        keys: 'name',
        fire: true,
        listed: false,
      },
      async ([written]) => {
        begun();
        await mayEnd;
        return written?.changeId ?? null;
      },
    );
    await hasBegun;
    await setOptions(['open', 'won']);
    const after = await tablehook.createRecord(table.id, { Stage: 'won' });
    goOn();
    const during = await tablehook.deliveryOf(await writing, id);
    expect(during.replay).toBe(true);
    expect((await tablehook.deliveryOf(after.changeId, id)).replay).toBe(false);
  });

  it('does so too when the field is deleted while an edit begins to ask for it', async () => {
    const webhook = await register({});
    const { models } = tablehook.services;
    const fields = table.fields.filter(({ name }) => name !== 'Stage');
    let reads = 0;
    // The edit has read the webhook, so its transaction sees the table as it was.
    const apiKeys = new Proxy(models.apiKeys, {
      get: (target, key) =>
        key === 'find' && reads++ === 0
          ? () => ({
              lean: async () => {
                await tablehook.call('PATCH', `/v1/tables/${table.id}`, { fields });
                return [{ _id: KEY }];
              },
            })
          : Reflect.get(target, key),
    });
    const edit = updateWebhook(contextOf({ models: { ...models, apiKeys } as Models }), {
      webhookId: webhook.id,
      watchFields: ['Stage'],
      ignoreSources: [KEY],
    });
    const asked = await edit.then(
      () => true,
      () => false,
    );
    expect(reads).toBeGreaterThan(0);
    // Either it needs attention, or the edit was refused: but never does it wait for a field that will not come.
    expect([asked, await statusOf(webhook.id)]).not.toEqual([true, 'active']);
  });
});
