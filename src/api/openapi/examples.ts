import * as sample from './samples.ts';

/** What a request may hold and what it is answered, for one operation. */
export interface Examples {
  request?: unknown;
  /** Of the route's own status. */
  answer?: unknown;
  /** Of its other status, where it has one. */
  otherAnswer?: unknown;
}

const { table, record, change, webhook, delivery, replay, apiKey, workflow, changeId, recordId } = sample;

/** Examples by operation. The tests hold them against the schemas, and want one for every body. */
export const EXAMPLES: Record<string, Examples> = {
  createTable: {
    request: {
      name: 'Tasks',
      fields: [
        { name: 'Title', type: 'text' },
        { name: 'Status', type: 'select', options: ['pending', 'completed'] },
      ],
    },
    answer: table,
  },
  listTables: page(table),
  getTable: { answer: table },
  updateTable: { request: { name: 'Tasks', fields: table.fields }, answer: table },
  createRecord: {
    request: { values: sample.before, operatorId: 'ana' },
    answer: { ...record, version: 1, values: sample.before, changeId, workflow },
  },
  listRecords: page(record),
  batchRecords: {
    request: {
      operations: [
        { op: 'create', values: { Title: 'Ship again' } },
        { op: 'update', recordId, values: { Status: 'completed' }, ifVersion: 1 },
      ],
      operatorId: 'import',
    },
    answer: {
      results: [
        {
          op: 'create',
          record: {
            ...record,
            id: 'rec_01m87c5c9xe8qafczb9fa3zk7t',
            version: 1,
            values: { Title: 'Ship again' },
          },
          changeId: 'chg_01m87c5c9we8qafcy65n2bgfce',
        },
        { op: 'update', record, changeId },
      ],
    },
  },
  getRecord: { answer: record },
  updateRecord: {
    request: { values: { Status: 'completed' }, operatorId: 'ana' },
    answer: { ...record, changeId, workflow },
  },
  reportChanges: {
    request: {
      changes: [
        {
          changeKey: 'task-991-v4',
          type: 'record.updated',
          recordId: 'task-991',
          recordVersion: 4,
          previous: sample.before,
          record: sample.after,
          operatorId: 'ana',
        },
      ],
    },
    answer: { results: [{ changeKey: 'task-991-v4', changeId, duplicate: false }] },
  },
  listChanges: page(change),
  getChange: { answer: { ...change, workflow, deliveries: [delivery] } },
  createApiKey: {
    request: { name: apiKey.name, scopes: apiKey.scopes, tables: apiKey.tables },
    answer: { ...apiKey, key: 'thk_shown-here-and-never-again' },
  },
  listApiKeys: page(apiKey),
  createWebhook: { request: sample.webhookInput, answer: { ...webhook, secret: sample.secret } },
  listWebhooks: page(webhook),
  getWebhook: { answer: webhook },
  updateWebhook: { request: { enabled: false, retry: { timeoutMs: 5_000 } }, answer: disabled() },
  pauseWebhook: {
    request: { reason: 'The CRM is being moved.' },
    answer: { ...webhook, status: 'paused', statusReason: 'The CRM is being moved.' },
  },
  resumeWebhook: { request: { ratePerSecond: 50 }, answer: { webhook, waiting: 1204 } },
  previewWebhook: {
    request: { limit: 2, condition: { filter: { Status: 'completed' }, when: 'enters' } },
    answer: { data: [previewed(3, ['It was written silently (fire=false).']), previewed(2, [])] },
  },
  duplicateWebhook: {
    request: { name: 'CRM, test' },
    answer: { ...webhook, name: 'CRM, test', enabled: false, secret: sample.secret },
  },
  rotateSecret: {
    request: { overlapSeconds: 86_400 },
    answer: { secret: sample.secret, previousValidUntil: '2026-11-25T09:31:12.204Z' },
  },
  testWebhook: { request: { recordId, eventType: 'record.updated' }, answer: sample.webhookTest },
  getWebhookSchema: { answer: sample.webhookSchema },
  getDiagnosis: { answer: diagnosis() },
  getWebhookHealth: { answer: health() },
  listDeliveries: page(delivery),
  getDelivery: { answer: { ...delivery, attempts: [sample.attempt] } },
  retryDelivery: { answer: sample.retrying },
  cancelDelivery: { answer: { ...sample.retrying, ...cancelled() } },
  redeliverDelivery: {
    request: { force: false },
    answer: { ...delivery, state: 'pending', replay: true, settledAt: null },
  },
  expungeDelivery: { request: { force: false }, answer: { deliveries: 1, changes: 0, cancelled: 0 } },
  expungeRecord: { request: { force: true }, answer: { deliveries: 6, changes: 3, cancelled: 1 } },
  expungeTable: { request: { force: false }, answer: { deliveries: 2_408, changes: 1_204, cancelled: 0 } },
  createReplay: {
    request: { webhookId: sample.webhookId, filter: replay.filter, ratePerSecond: 50 },
    answer: replay,
    otherAnswer: { selected: 450 },
  },
  listReplays: page(replay),
  getReplay: { answer: { ...replay, sent: 120 } },
  cancelReplay: {
    answer: { ...replay, sent: 120, state: 'cancelled', endedAt: '2026-11-24T09:40:00.000Z' },
  },
};

function page(item: object): Examples {
  return { answer: { data: [item], nextCursor: null } };
}

function disabled() {
  return { ...webhook, enabled: false, retry: { ...webhook.retry, timeoutMs: 5_000 } };
}

function cancelled() {
  return {
    state: 'cancelled',
    cancelReason: 'by-request',
    nextAttemptAt: null,
    settledAt: '2026-11-24T09:32:00.000Z',
  };
}

function health() {
  return {
    status: 'failing',
    statusReason: '503 from crm.example',
    open: 12,
    waiting: 12,
    lastSuccessAt: '2026-11-24T08:00:00.000Z',
    lastFailureAt: '2026-11-24T09:31:12.340Z',
    lastStatus: 503,
    failingSince: '2026-11-24T09:30:00.000Z',
    circuit: 'open',
    nextProbeAt: '2026-11-24T09:31:32.340Z',
    resuming: null,
  };
}

function previewed(recordVersion: number, reasons: string[]) {
  return {
    changeId: recordVersion === 2 ? changeId : 'chg_01m87c5c9we8qafcy65n2bgfce',
    eventType: 'record.updated',
    recordId,
    recordVersion,
    timestamp: change.timestamp,
    wouldFire: reasons.length === 0,
    reasons,
  };
}

function diagnosis() {
  return {
    checkedAt: '2026-11-24T09:31:20.000Z',
    healthy: false,
    unsettled: [
      { standing: 'not-planned', count: 0, oldestSeconds: null, oldestChangeId: null },
      { standing: 'overdue', count: 0, oldestSeconds: null, oldestChangeId: null },
      { standing: 'under-way', count: 0, oldestSeconds: null, oldestChangeId: null },
      { standing: 'retrying', count: 0, oldestSeconds: null, oldestChangeId: null },
      { standing: 'waiting', count: 12, oldestSeconds: 80, oldestChangeId: changeId },
    ],
    findings: [
      {
        code: 'webhook-failing',
        severity: 'problem',
        summary: `The webhook "CRM" (crm.example) has an endpoint that fails, and 12 deliveries wait for it.`,
        advice: `It is probed, and goes on by itself once its endpoint answers. What it says: tablehook webhooks health ${webhook.id}`,
        examples: [webhook.id],
      },
    ],
  };
}
