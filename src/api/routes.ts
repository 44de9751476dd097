import type { Route } from './define-route.ts';
import { createApiKeyRoute } from './routes/api-keys/create.ts';
import { listApiKeysRoute } from './routes/api-keys/list.ts';
import { removeApiKeyRoute } from './routes/api-keys/remove.ts';
import { getChangeRoute } from './routes/changes/get.ts';
import { listChangesRoute } from './routes/changes/list.ts';
import { reportChangesRoute } from './routes/changes/report.ts';
import { getDiagnosisRoute } from './routes/diagnosis/get.ts';
import { cancelDeliveryRoute } from './routes/deliveries/cancel.ts';
import { expungeDeliveryRoute } from './routes/deliveries/expunge.ts';
import { getDeliveryRoute } from './routes/deliveries/get.ts';
import { listDeliveriesRoute } from './routes/deliveries/list.ts';
import { redeliverDeliveryRoute } from './routes/deliveries/redeliver.ts';
import { retryDeliveryRoute } from './routes/deliveries/retry.ts';
import { batchRecordsRoute } from './routes/records/batch.ts';
import { createRecordRoute } from './routes/records/create.ts';
import { expungeRecordRoute } from './routes/records/expunge.ts';
import { getRecordRoute } from './routes/records/get.ts';
import { listRecordsRoute } from './routes/records/list.ts';
import { removeRecordRoute } from './routes/records/remove.ts';
import { updateRecordRoute } from './routes/records/update.ts';
import { cancelReplayRoute } from './routes/replays/cancel.ts';
import { createReplayRoute } from './routes/replays/create.ts';
import { getReplayRoute } from './routes/replays/get.ts';
import { listReplaysRoute } from './routes/replays/list.ts';
import { createTableRoute } from './routes/tables/create.ts';
import { expungeTableRoute } from './routes/tables/expunge.ts';
import { getTableRoute } from './routes/tables/get.ts';
import { listTablesRoute } from './routes/tables/list.ts';
import { removeTableRoute } from './routes/tables/remove.ts';
import { updateTableRoute } from './routes/tables/update.ts';
import { createWebhookRoute } from './routes/webhooks/create.ts';
import { duplicateWebhookRoute } from './routes/webhooks/duplicate.ts';
import { getWebhookHealthRoute } from './routes/webhooks/health.ts';
import { getWebhookRoute } from './routes/webhooks/get.ts';
import { listWebhooksRoute } from './routes/webhooks/list.ts';
import { pauseWebhookRoute } from './routes/webhooks/pause.ts';
import { previewWebhookRoute } from './routes/webhooks/preview.ts';
import { removeWebhookRoute } from './routes/webhooks/remove.ts';
import { resumeWebhookRoute } from './routes/webhooks/resume.ts';
import { rotateSecretRoute } from './routes/webhooks/rotate-secret.ts';
import { testWebhookRoute } from './routes/webhooks/test.ts';
import { getWebhookSchemaRoute } from './routes/webhooks/schema.ts';
import { updateWebhookRoute } from './routes/webhooks/update.ts';

/** Every route of the API. `records/batch` stands before `records/:recordId`, which would take its place. */
export const routes: readonly Route[] = [
  createTableRoute,
  listTablesRoute,
  getTableRoute,
  updateTableRoute,
  removeTableRoute,
  createRecordRoute,
  listRecordsRoute,
  batchRecordsRoute,
  getRecordRoute,
  updateRecordRoute,
  removeRecordRoute,
  reportChangesRoute,
  listChangesRoute,
  getChangeRoute,
  createApiKeyRoute,
  listApiKeysRoute,
  removeApiKeyRoute,
  createWebhookRoute,
  listWebhooksRoute,
  getWebhookRoute,
  updateWebhookRoute,
  removeWebhookRoute,
  pauseWebhookRoute,
  resumeWebhookRoute,
  previewWebhookRoute,
  duplicateWebhookRoute,
  rotateSecretRoute,
  testWebhookRoute,
  getWebhookHealthRoute,
  getWebhookSchemaRoute,
  listDeliveriesRoute,
  getDeliveryRoute,
  retryDeliveryRoute,
  cancelDeliveryRoute,
  redeliverDeliveryRoute,
  createReplayRoute,
  listReplaysRoute,
  getReplayRoute,
  cancelReplayRoute,
  expungeDeliveryRoute,
  expungeRecordRoute,
  expungeTableRoute,
  getDiagnosisRoute,
];
