import { z } from 'zod';
import { WebhookId } from '../../../contracts/id.ts';
import { WebhookHealth } from '../../../contracts/webhook-health.ts';
import { getWebhookHealth } from '../../../services/webhooks/health.ts';
import { defineRoute, NoBody, NoFields } from '../../define-route.ts';

/** `GET /v1/webhooks/:webhookId/health` */
export const getWebhookHealthRoute = defineRoute({
  method: 'get',
  path: '/v1/webhooks/:webhookId/health',
  operationId: 'getWebhookHealth',
  summary: 'How the endpoint of a webhook fares, what waits for it, and when it is called next',
  scopes: ['webhooks:read'],
  params: z.strictObject({ webhookId: WebhookId }),
  query: NoFields,
  body: NoBody,
  status: 200,
  answer: WebhookHealth,
  handle: async (context, { params }) => ({ body: await getWebhookHealth(context, params) }),
});
