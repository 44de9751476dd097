import { z } from 'zod';
import { WebhookId } from '../../../contracts/id.ts';
import { Webhook, UpdateWebhookInput } from '../../../contracts/webhook.ts';
import { updateWebhook } from '../../../services/webhooks/update.ts';
import { defineRoute, NoFields } from '../../define-route.ts';

/** `PATCH /v1/webhooks/:webhookId` */
export const updateWebhookRoute = defineRoute({
  method: 'patch',
  path: '/v1/webhooks/:webhookId',
  operationId: 'updateWebhook',
  summary: 'Edit a webhook; deliveries in flight go by the edit from their next attempt on',
  description:
    'What is sent replaces what was. Within `retry` and `delivery`, fields left out keep their value, and null takes an optional one away.',
  scopes: ['webhooks:write'],
  params: z.strictObject({ webhookId: WebhookId }),
  query: NoFields,
  body: UpdateWebhookInput,
  status: 200,
  answer: Webhook,
  handle: async (context, { params, body }) => ({
    body: await updateWebhook(context, { ...params, ...body }),
  }),
});
