import { z } from 'zod';
import { WebhookId } from '../../../contracts/id.ts';
import { WebhookSchema } from '../../../contracts/webhook-schema.ts';
import { getWebhookSchema } from '../../../services/webhooks/schema.ts';
import { defineRoute, NoBody, NoFields } from '../../define-route.ts';

/** `GET /v1/webhooks/:webhookId/schema` */
export const getWebhookSchemaRoute = defineRoute({
  method: 'get',
  path: '/v1/webhooks/:webhookId/schema',
  operationId: 'getWebhookSchema',
  summary: 'The JSON Schema of what a webhook sends',
  scopes: ['webhooks:read'],
  params: z.strictObject({ webhookId: WebhookId }),
  query: NoFields,
  body: NoBody,
  status: 200,
  answer: WebhookSchema,
  handle: async (context, { params }) => ({ body: await getWebhookSchema(context, params) }),
});
