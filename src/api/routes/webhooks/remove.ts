import { z } from 'zod';
import { WebhookId } from '../../../contracts/id.ts';
import { removeWebhook } from '../../../services/webhooks/remove.ts';
import { defineRoute, NoAnswer, NoBody, NoFields } from '../../define-route.ts';

/** `DELETE /v1/webhooks/:webhookId` */
export const removeWebhookRoute = defineRoute({
  method: 'delete',
  path: '/v1/webhooks/:webhookId',
  operationId: 'removeWebhook',
  summary: 'Delete a webhook and cancel its open deliveries',
  scopes: ['webhooks:write'],
  params: z.strictObject({ webhookId: WebhookId }),
  query: NoFields,
  body: NoBody,
  status: 204,
  answer: NoAnswer,
  handle: async (context, { params }) => {
    await removeWebhook(context, params);
    return {};
  },
});
