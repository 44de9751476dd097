import type { ApiKey } from '../../contracts/api-key.ts';
import type { Change } from '../../contracts/change.ts';
import type { Attempt, Delivery } from '../../contracts/delivery.ts';
import type { EventBody } from '../../contracts/event-body.ts';
import type { TableRecord } from '../../contracts/record.ts';
import type { Replay } from '../../contracts/replay.ts';
import type { Table } from '../../contracts/table.ts';
import type { WebhookSchema } from '../../contracts/webhook-schema.ts';
import type { WebhookTest } from '../../contracts/webhook-test.ts';
import type { Webhook } from '../../contracts/webhook.ts';
import { CreateWebhookInput } from '../../contracts/webhook.ts';
import { toBodySchema } from '../../domain/payload/body-schema.ts';

/** What all examples of the document are about: a task that is completed, and the CRM that hears of it. */
export const tableId = 'tbl_01m87c5c9re8qafcwwbyve5qm0';
export const recordId = 'rec_01m87c5c9ve8qafcxh0ts2n3q6';
export const changeId = 'chg_01m87c5c9we8qafcxs839deazn';
export const webhookId = 'whk_01m87c5c9we8qafcybq01wnnef';
export const keyId = 'key_01m87c5c9we8qafcywfk273db9';
const titleId = 'fld_01m87c5c9te8qafcx46wscp0rp';
const statusId = 'fld_01m87c5c9te8qafcxanx71kkrv';
const deliveryId = 'dlv_01m87c5c9we8qafcygm2svsg9k';

const CREATED_AT = '2026-11-24T09:30:00.000Z';
const CHANGED_AT = '2026-11-24T09:31:12.250Z';

export const workflow = {
  id: changeId,
  url: `http://127.0.0.1:8233/namespaces/default/workflows/${changeId}`,
};

export const table: Table = {
  id: tableId,
  name: 'Tasks',
  system: false,
  schemaVersion: 1,
  fields: [
    { id: titleId, name: 'Title', type: 'text' },
    { id: statusId, name: 'Status', type: 'select', options: ['pending', 'completed'] },
  ],
  createdAt: CREATED_AT,
  updatedAt: CREATED_AT,
};

export const before = { Title: 'Ship', Status: 'pending' };
export const after = { Title: 'Ship', Status: 'completed' };

export const record: TableRecord = {
  id: recordId,
  tableId,
  version: 2,
  values: after,
  createdAt: CREATED_AT,
  updatedAt: CHANGED_AT,
};

const told = {
  operatorId: 'ana',
  source: { kind: 'api' as const, requestId: '5d2c9a52-63a5-4a8e-9f0e-2b8f6d0c7e11', hops: 0 },
  timestamp: CHANGED_AT,
};
const changes = [{ fieldId: statusId, fieldName: 'Status', from: 'pending', to: 'completed' }];

export const change: Change = {
  id: changeId,
  tableId,
  recordId,
  recordVersion: 2,
  type: 'record.updated',
  state: 'planned',
  ...told,
  previous: before,
  record: after,
  changes,
  expungedAt: null,
};

/** What the CRM receives of that change, and would receive of the record's beginning and end. */
export const eventBodies: Record<EventBody['type'], EventBody> = {
  'record.created': eventBody('record.created', {
    recordVersion: 1,
    previous: null,
    record: before,
    changes: [
      { fieldId: titleId, fieldName: 'Title', from: null, to: 'Ship' },
      { fieldId: statusId, fieldName: 'Status', from: null, to: 'pending' },
    ],
  }),
  'record.updated': eventBody('record.updated', {
    recordVersion: 2,
    previous: before,
    record: after,
    changes,
  }),
  'record.deleted': eventBody('record.deleted', {
    recordVersion: 3,
    previous: after,
    record: null,
    changes: [
      { fieldId: titleId, fieldName: 'Title', from: 'Ship', to: null },
      { fieldId: statusId, fieldName: 'Status', from: 'completed', to: null },
    ],
  }),
};

function eventBody(type: EventBody['type'], item: Omit<EventBody['items'][number], 'recordId'>): EventBody {
  return {
    version: 1,
    id: changeId,
    type,
    ...told,
    table: { id: tableId, name: 'Tasks', schemaVersion: 1 },
    webhook: { id: webhookId, name: 'CRM' },
    items: [{ recordId, ...item }],
  };
}

export const webhookInput = {
  name: 'CRM',
  url: 'https://crm.example/tasks',
  events: ['record.updated' as const, 'record.deleted' as const],
  watchFields: ['Status'],
  condition: { filter: { Status: 'completed' }, when: 'enters' as const },
  headers: [{ name: 'Authorization', value: 'Bearer of-the-crm', secret: true }],
  retry: { giveUpAfterMs: 86_400_000 },
  delivery: { order: 'record' as const, ratePerSecond: 20 },
};

/** As read back: fields by id, what was left out with its default, and not the value of a secret header. */
export const webhook: Webhook = {
  id: webhookId,
  tableId,
  ...CreateWebhookInput.parse(webhookInput),
  watchFields: [statusId],
  condition: { filter: { [statusId]: 'completed' }, when: 'enters' },
  headers: [{ name: 'Authorization', value: null, secret: true }],
  status: 'active',
  statusReason: null,
  createdAt: CREATED_AT,
  updatedAt: CREATED_AT,
};

export const secret = 'whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=';

export const attempt: Attempt = {
  number: 1,
  startedAt: CHANGED_AT,
  durationMs: 84.2,
  outcome: 'delivered',
  status: 200,
  errorCode: null,
  errorMessage: null,
  responseHeaders: { 'content-type': 'application/json' },
  responseBody: '{"ok":true}',
};

export const delivery: Delivery = {
  id: deliveryId,
  webhookId,
  webhookName: 'CRM',
  host: 'crm.example',
  changeId,
  tableId,
  recordId,
  recordVersion: 2,
  eventType: 'record.updated',
  state: 'delivered',
  waitReason: null,
  failureReason: null,
  cancelReason: null,
  replay: false,
  mergedChangeIds: [],
  attemptCount: 1,
  nextAttemptAt: null,
  lastStatus: 200,
  lastErrorCode: null,
  createdAt: CHANGED_AT,
  settledAt: '2026-11-24T09:31:12.340Z',
  expungedAt: null,
  workflow,
};

/** The same delivery while its endpoint is down. */
export const retrying: Delivery = {
  ...delivery,
  state: 'retrying',
  lastStatus: 503,
  nextAttemptAt: '2026-11-24T09:31:17.340Z',
  settledAt: null,
};

export const apiKey: ApiKey = {
  id: keyId,
  name: 'The CRM team',
  scopes: ['records:read', 'webhooks:write', 'deliveries:read'],
  tables: [tableId],
  createdAt: CREATED_AT,
  lastUsedAt: null,
};

export const replay: Replay = {
  id: 'rpl_01m87c5c9xe8qafcz035mgqbj0',
  webhookId,
  filter: { states: ['failed'], since: '2026-11-23T00:00:00Z' },
  backfill: null,
  ratePerSecond: 50,
  state: 'running',
  selected: 450,
  sent: 0,
  createdAt: CHANGED_AT,
  endedAt: null,
  workflow: {
    id: 'replay/rpl_01m87c5c9xe8qafcz035mgqbj0',
    url: 'http://127.0.0.1:8233/namespaces/default/workflows/replay%2Frpl_01m87c5c9xe8qafcz035mgqbj0',
  },
};

/** What a test of the webhook sent, and what it was answered. */
export const webhookTest: WebhookTest = {
  request: {
    method: 'POST',
    url: webhook.url,
    headers: {
      authorization: null,
      'content-type': 'application/json',
      'webhook-id': 'tst_01m87c5c9we8qafcy65n2bgfce',
      'webhook-timestamp': '1795512672',
      'webhook-signature': 'v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4=',
      'tablehook-test': 'true',
    },
    body: JSON.stringify(eventBodies['record.updated']),
  },
  response: { status: 200, headers: attempt.responseHeaders, body: attempt.responseBody },
  outcome: 'delivered',
  errorCode: null,
  errorMessage: null,
  durationMs: 84,
};

/** What the webhook sends, as a schema. */
export const webhookSchema: WebhookSchema = toBodySchema({
  table,
  webhook: { id: webhookId, payload: webhook.payload },
  merges: false,
});
