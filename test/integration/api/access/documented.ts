import type { Scope } from '../../../../src/contracts/api-key.ts';

/** The scopes each operation needs, written by hand: a slip in a route shows against it. */
export const DOCUMENTED: Record<string, Scope[]> = {
  createTable: ['tables:write'],
  listTables: ['tables:read'],
  getTable: ['tables:read'],
  updateTable: ['tables:write'],
  removeTable: ['tables:write'],
  createRecord: ['records:write'],
  listRecords: ['records:read'],
  batchRecords: ['records:write'],
  getRecord: ['records:read'],
  updateRecord: ['records:write'],
  removeRecord: ['records:write'],
  reportChanges: ['records:write'],
  listChanges: ['records:read'],
  getChange: ['records:read', 'deliveries:read'],
  createApiKey: ['admin'],
  listApiKeys: ['admin'],
  removeApiKey: ['admin'],
  createWebhook: ['webhooks:write'],
  listWebhooks: ['webhooks:read'],
  getWebhook: ['webhooks:read'],
  updateWebhook: ['webhooks:write'],
  removeWebhook: ['webhooks:write'],
  pauseWebhook: ['webhooks:write'],
  resumeWebhook: ['webhooks:write'],
  previewWebhook: ['webhooks:read', 'records:read'],
  duplicateWebhook: ['webhooks:write'],
  testWebhook: ['webhooks:write', 'deliveries:read'],
  rotateSecret: ['webhooks:write'],
  getWebhookHealth: ['webhooks:read'],
  getWebhookSchema: ['webhooks:read'],
  listDeliveries: ['deliveries:read'],
  getDelivery: ['deliveries:read'],
  retryDelivery: ['deliveries:write'],
  cancelDelivery: ['deliveries:write'],
  redeliverDelivery: ['deliveries:write'],
  createReplay: ['deliveries:write'],
  listReplays: ['deliveries:read'],
  getReplay: ['deliveries:read'],
  cancelReplay: ['deliveries:write'],
  expungeDelivery: ['deliveries:write'],
  expungeRecord: ['records:write', 'deliveries:write'],
  expungeTable: ['records:write', 'deliveries:write'],
  getDiagnosis: ['admin'],
};

/** Operations that reach beyond any table: a key bound to tables has none of them. */
export const UNBOUND_ONLY = ['createTable', 'createApiKey', 'listApiKeys', 'removeApiKey', 'getDiagnosis'];

/** What can be done only to what is under way: everything of a stage has ended, so it is 409 behind the door. */
export const OF_OPEN = ['retryDelivery', 'cancelDelivery', 'cancelReplay'];
