import { z } from 'zod';
import { WebhookId } from '../../../contracts/id.ts';
import { getWebhook } from '../../../services/webhooks/get.ts';
import { Webhook } from '../../../contracts/webhook.ts';
import { defineRoute, NoBody, NoFields } from '../../define-route.ts';

/** `GET /v1/webhooks/:webhookId` */
export const getWebhookRoute = defineRoute({
  method: 'get',
  path: '/v1/webhooks/:webhookId',
  operationId: 'getWebhook',
  summary: 'Read a webhook',
  scopes: ['webhooks:read'],
  params: z.strictObject({ webhookId: WebhookId }),
  query: NoFields,
  body: NoBody,
  status: 200,
  answer: Webhook,
  handle: async (context, { params }) => ({ body: await getWebhook(context, params) }),
});
