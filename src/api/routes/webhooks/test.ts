import { z } from 'zod';
import { WebhookId } from '../../../contracts/id.ts';
import { TestWebhookInput, WebhookTest } from '../../../contracts/webhook-test.ts';
import { runWebhookTest } from '../../../services/webhook-tests/run.ts';
import { defineRoute, NoFields } from '../../define-route.ts';

/** `POST /v1/webhooks/:webhookId/test` */
export const testWebhookRoute = defineRoute({
  method: 'post',
  path: '/v1/webhooks/:webhookId/test',
  operationId: 'testWebhook',
  summary: 'Call the endpoint of a webhook once, from a worker, and see what was sent and what came back',
  scopes: ['webhooks:write', 'deliveries:read'],
  params: z.strictObject({ webhookId: WebhookId }),
  query: NoFields,
  body: TestWebhookInput.default({}),
  status: 200,
  answer: WebhookTest,
  handle: async (context, { params, body }) => ({
    body: await runWebhookTest(context, { ...params, ...body }),
  }),
});
