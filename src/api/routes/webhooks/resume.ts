import { z } from 'zod';
import { WebhookId } from '../../../contracts/id.ts';
import { ResumedWebhook, ResumeWebhookInput } from '../../../contracts/webhook.ts';
import { resumeWebhook } from '../../../services/webhooks/resume.ts';
import { defineRoute, NoFields } from '../../define-route.ts';

/** `POST /v1/webhooks/:webhookId/resume` */
export const resumeWebhookRoute = defineRoute({
  method: 'post',
  path: '/v1/webhooks/:webhookId/resume',
  operationId: 'resumeWebhook',
  summary: 'Let the deliveries that wait go, oldest first, at a rate of your choice',
  description:
    'What comes meanwhile goes behind what waits. Without a rate, as fast as the endpoint answers.',
  scopes: ['webhooks:write'],
  params: z.strictObject({ webhookId: WebhookId }),
  query: NoFields,
  body: ResumeWebhookInput.default({}),
  status: 202,
  answer: ResumedWebhook,
  handle: async (context, { params, body }) => ({
    body: await resumeWebhook(context, { ...params, ...body }),
  }),
});
