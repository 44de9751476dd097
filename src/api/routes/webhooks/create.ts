import { z } from 'zod';
import { TableId } from '../../../contracts/id.ts';
import { CreatedWebhook, CreateWebhookInput } from '../../../contracts/webhook.ts';
import { createWebhook } from '../../../services/webhooks/create.ts';
import { defineRoute, NoFields } from '../../define-route.ts';

/** `POST /v1/tables/:tableId/webhooks` */
export const createWebhookRoute = defineRoute({
  method: 'post',
  path: '/v1/tables/:tableId/webhooks',
  operationId: 'createWebhook',
  summary: 'Register a webhook; its signing secret is shown in this answer only',
  description: 'It hears every write that begins after this answer, and none before.',
  scopes: ['webhooks:write'],
  params: z.strictObject({ tableId: TableId }),
  query: NoFields,
  body: CreateWebhookInput,
  status: 201,
  answer: CreatedWebhook,
  headers: ['location'],
  idempotent: true,
  handle: async (context, { params, body }) => {
    const webhook = await createWebhook(context, { ...params, ...body });
    return { body: webhook, headers: { location: `/v1/webhooks/${webhook.id}` } };
  },
});
