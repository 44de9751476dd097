import type { CreatedApiKey } from '../../src/contracts/api-key.ts';
import type { ChangeWithDeliveries } from '../../src/contracts/change-with-deliveries.ts';
import type { Delivery, DeliveryState, DeliveryWithAttempts } from '../../src/contracts/delivery.ts';
import type { JsonObject } from '../../src/contracts/json.ts';
import type { Page } from '../../src/contracts/page.ts';
import type { WrittenRecord } from '../../src/contracts/record.ts';
import type { Table } from '../../src/contracts/table.ts';
import type { CreatedWebhook } from '../../src/contracts/webhook.ts';
import { checkAnswer } from './check-answer.ts';
import { until } from './until.ts';

/** An answer of the API. */
export interface Reply<T> {
  status: number;
  headers: Headers;
  body: T;
}

/** The REST API over real HTTP, with the few calls most tests begin with. */
export interface Client {
  call: <T = unknown>(
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ) => Promise<Reply<T>>;
  /** A table with Title (text), Status (select) and Count (number). */
  createTable: (name?: string) => Promise<Table>;
  createWebhook: (tableId: string, input: Record<string, unknown>) => Promise<CreatedWebhook>;
  createRecord: (tableId: string, values?: JsonObject) => Promise<WrittenRecord>;
  updateRecord: (tableId: string, recordId: string, values: JsonObject) => Promise<WrittenRecord>;
  createKey: (input: Record<string, unknown>) => Promise<CreatedApiKey>;
  listDeliveries: (query: string) => Promise<Delivery[]>;
  getDelivery: (deliveryId: string) => Promise<DeliveryWithAttempts>;
  getChange: (changeId: string) => Promise<ChangeWithDeliveries>;
  /** The one delivery of a change to a webhook, once it is in one of the states. */
  deliveryOf: (
    changeId: string | null,
    webhookId: string,
    ...states: DeliveryState[]
  ) => Promise<DeliveryWithAttempts>;
}

/**
 * A client of one API under one key. Its helpers throw when the API does not answer with success; every call does when the
 * answer is not what the route says of itself.
 */
export function createClient(url: string, apiKey: string): Client {
  const call = async <T>(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ) => {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${apiKey}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const { status, headers: answered } = response;
    const reply = { status, headers: answered, body: (text === '' ? null : JSON.parse(text)) as T };
    checkAnswer({ method, path, ...reply });
    return reply;
  };
  const must = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const reply = await call<T>(method, path, body);
    if (reply.status >= 300)
      throw new Error(`${method} ${path}: ${reply.status} ${JSON.stringify(reply.body)}`);
    return reply.body;
  };
  const getDelivery = (deliveryId: string) =>
    must<DeliveryWithAttempts>('GET', `/v1/deliveries/${deliveryId}`);
  const getChange = (changeId: string) => must<ChangeWithDeliveries>('GET', `/v1/changes/${changeId}`);
  return {
    call,
    createTable: (name = 'Tasks') => must('POST', '/v1/tables', { name, fields: FIELDS }),
    createWebhook: (tableId, input) =>
      must('POST', `/v1/tables/${tableId}/webhooks`, { name: 'CRM', events: ['record.*'], ...input }),
    createRecord: (tableId, values = { Title: 'Ship' }) =>
      must('POST', `/v1/tables/${tableId}/records`, { values }),
    updateRecord: (tableId, recordId, values) =>
      must('PATCH', `/v1/tables/${tableId}/records/${recordId}`, { values }),
    createKey: (input) => must('POST', '/v1/api-keys', input),
    listDeliveries: async (query) => (await must<Page<Delivery>>('GET', `/v1/deliveries?${query}`)).data,
    getDelivery,
    getChange,
    deliveryOf: async (changeId, webhookId, ...states) => {
      if (changeId === null) throw new Error('the write changed nothing');
      const wanted = states.length > 0 ? states : (['delivered'] as DeliveryState[]);
      const { id } = await until(
        async () => {
          const { deliveries } = await getChange(changeId);
          const found = deliveries.find((delivery) => delivery.webhookId === webhookId);
          return found && wanted.includes(found.state) ? found : null;
        },
        { what: `a delivery ${wanted.join(' or ')}` },
      );
      return getDelivery(id);
    },
  };
}

const FIELDS = [
  { name: 'Title', type: 'text' },
  { name: 'Status', type: 'select', options: ['pending', 'completed'] },
  { name: 'Count', type: 'number' },
];
