import { z } from 'zod';
import { WebhookId } from '../../../contracts/id.ts';
import { PreviewWebhookInput, WebhookPreview } from '../../../contracts/webhook-preview.ts';
import { previewWebhook } from '../../../services/webhooks/preview.ts';
import { defineRoute, NoFields } from '../../define-route.ts';

/** `POST /v1/webhooks/:webhookId/preview` */
export const previewWebhookRoute = defineRoute({
  method: 'post',
  path: '/v1/webhooks/:webhookId/preview',
  operationId: 'previewWebhook',
  summary: 'Which recent changes would have fired it, and why the others would not; sends nothing',
  // What a condition says of a record is knowledge of its values.
  scopes: ['webhooks:read', 'records:read'],
  params: z.strictObject({ webhookId: WebhookId }),
  query: NoFields,
  body: PreviewWebhookInput,
  status: 200,
  answer: WebhookPreview,
  problems: [422],
  readsMany: true,
  handle: async (context, { params, body }) => ({
    body: await previewWebhook(context, { ...params, ...body }),
  }),
});
