import type { BatchResult } from '../../src/contracts/record.ts';
import type { CreatedWebhook } from '../../src/contracts/webhook.ts';
import type { CallLog } from './call-log.ts';
import type { Tablehook } from './tablehook.ts';
import { until } from './until.ts';

/** A table with a webhook that keeps the order of a record's changes, and what tests do with it. */
export interface OrderedWebhook {
  tableId: string;
  webhook: CreatedWebhook;
  /** One more version of a record; answers its change. */
  edit: (recordId: string, title: string) => Promise<string>;
  /** Edits of a record, one after the other; answers their changes. */
  editTimes: (recordId: string, times: number) => Promise<string[]>;
  /** One more version of each of some records, in one write. */
  editTogether: (recordIds: string[], title: string) => Promise<void>;
  /** Records in one write. */
  createMany: (count: number) => Promise<void>;
  /** Calls `POST /v1/webhooks/{id}/{verb}`. */
  tell: (verb: 'pause' | 'resume', body?: object) => Promise<void>;
  patch: (edits: object) => Promise<void>;
  /** Waits until so many deliveries are `waiting`. */
  waiting: (count: number) => Promise<void>;
}

export interface OrderedWebhookInput {
  delivery?: object;
  retry?: object;
  events?: string[];
}

/** Makes a table and registers an ordered webhook on it that retries at once. */
export async function createOrderedWebhook(
  tablehook: Tablehook,
  endpoint: CallLog,
  { delivery = {}, retry = {}, events = ['record.*'] }: OrderedWebhookInput = {},
): Promise<OrderedWebhook> {
  const { id: tableId } = await tablehook.createTable();
  const webhook = await tablehook.createWebhook(tableId, {
    url: endpoint.url,
    events,
    retry: { initialMs: 30, factor: 1, jitter: 0.2, timeoutMs: 10_000, ...retry },
    delivery: { order: 'record', ...delivery },
  });
  const edit = async (recordId: string, title: string) =>
    (await tablehook.updateRecord(tableId, recordId, { Title: title })).changeId ?? '';
  const batch = async (operations: object[]) => {
    await tablehook.call<BatchResult>('POST', `/v1/tables/${tableId}/records/batch`, { operations });
  };
  return {
    tableId,
    webhook,
    edit,
    editTimes: async (recordId, times) => {
      const changeIds: string[] = [];
      for (let count = 0; count < times; count += 1) changeIds.push(await edit(recordId, `edit ${count}`));
      return changeIds;
    },
    editTogether: async (recordIds, title) =>
      batch(recordIds.map((recordId) => ({ op: 'update', recordId, values: { Title: title } }))),
    createMany: async (count) =>
      batch(Array.from({ length: count }, () => ({ op: 'create', values: { Title: 'new' } }))),
    tell: async (verb, body = {}) => {
      await tablehook.call('POST', `/v1/webhooks/${webhook.id}/${verb}`, body);
    },
    patch: async (edits) => {
      await tablehook.call('PATCH', `/v1/webhooks/${webhook.id}`, edits);
    },
    waiting: async (count) => {
      const held = { webhookId: webhook.id, state: 'waiting' as const };
      const { deliveries } = tablehook.services.models;
      await until(async () => (await deliveries.countDocuments(held)) === count, {
        what: `${count} waiting`,
      });
    },
  };
}
