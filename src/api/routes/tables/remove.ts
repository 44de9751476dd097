import { z } from 'zod';
import { TableId } from '../../../contracts/id.ts';
import { removeTable } from '../../../services/tables/remove.ts';
import { defineRoute, NoAnswer, NoBody } from '../../define-route.ts';

/** `DELETE /v1/tables/:tableId` */
export const removeTableRoute = defineRoute({
  method: 'delete',
  path: '/v1/tables/:tableId',
  operationId: 'removeTable',
  summary: 'Delete a table with its records and webhooks',
  scopes: ['tables:write'],
  params: z.strictObject({ tableId: TableId }),
  query: z.strictObject({
    force: z
      .enum(['true', 'false'])
      .default('false')
      .describe('`true` cancels open deliveries instead of answering 409.'),
  }),
  body: NoBody,
  status: 204,
  answer: NoAnswer,
  problems: [409],
  handle: async (context, { params, query }) => {
    await removeTable(context, { ...params, force: query.force === 'true' });
    return {};
  },
});
