import { z } from 'zod';
import { WebhookId } from '../../../contracts/id.ts';
import { CreatedWebhook, DuplicateWebhookInput } from '../../../contracts/webhook.ts';
import { duplicateWebhook } from '../../../services/webhooks/duplicate.ts';
import { defineRoute, NoFields } from '../../define-route.ts';

/** `POST /v1/webhooks/:webhookId/duplicate` */
export const duplicateWebhookRoute = defineRoute({
  method: 'post',
  path: '/v1/webhooks/:webhookId/duplicate',
  operationId: 'duplicateWebhook',
  summary:
    'Copy a webhook; the copy is disabled and has a signing secret of its own, shown in this answer only',
  scopes: ['webhooks:write'],
  params: z.strictObject({ webhookId: WebhookId }),
  query: NoFields,
  body: DuplicateWebhookInput.default({}),
  status: 201,
  answer: CreatedWebhook,
  headers: ['location'],
  problems: [422],
  idempotent: true,
  handle: async (context, { params, body }) => {
    const webhook = await duplicateWebhook(context, { ...params, ...body });
    return { body: webhook, headers: { location: `/v1/webhooks/${webhook.id}` } };
  },
});
