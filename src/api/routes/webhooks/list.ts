import { z } from 'zod';
import { TableId } from '../../../contracts/id.ts';
import { PageQuery, pageOf } from '../../../contracts/page.ts';
import { listWebhooks } from '../../../services/webhooks/list.ts';
import { Webhook } from '../../../contracts/webhook.ts';
import { defineRoute, NoBody } from '../../define-route.ts';

/** `GET /v1/tables/:tableId/webhooks` */
export const listWebhooksRoute = defineRoute({
  method: 'get',
  path: '/v1/tables/:tableId/webhooks',
  operationId: 'listWebhooks',
  summary: 'List the webhooks of a table, oldest first',
  scopes: ['webhooks:read'],
  params: z.strictObject({ tableId: TableId }),
  query: PageQuery,
  body: NoBody,
  status: 200,
  answer: pageOf(Webhook),
  readsMany: true,
  handle: async (context, { params, query }) => ({
    body: await listWebhooks(context, { ...params, ...query }),
  }),
});
