import { z } from 'zod';
import { WebhookId } from '../../../contracts/id.ts';
import { Webhook, PauseWebhookInput } from '../../../contracts/webhook.ts';
import { pauseWebhook } from '../../../services/webhooks/pause.ts';
import { defineRoute, NoFields } from '../../define-route.ts';

/** `POST /v1/webhooks/:webhookId/pause` */
export const pauseWebhookRoute = defineRoute({
  method: 'post',
  path: '/v1/webhooks/:webhookId/pause',
  operationId: 'pauseWebhook',
  summary: 'Hold the deliveries of a webhook; none is lost',
  description: 'Nothing is tried and nothing is given up: the horizon of what waits stands still.',
  scopes: ['webhooks:write'],
  params: z.strictObject({ webhookId: WebhookId }),
  query: NoFields,
  body: PauseWebhookInput.default({}),
  status: 200,
  answer: Webhook,
  handle: async (context, { params, body }) => ({
    body: await pauseWebhook(context, { ...params, ...body }),
  }),
});
