import { z } from 'zod';
import { ExpungeInput, ExpungeResult } from '../../../contracts/expunge.ts';
import { TableId } from '../../../contracts/id.ts';
import { expungeTable } from '../../../services/tables/expunge.ts';
import { defineRoute, NoFields } from '../../define-route.ts';

/** `POST /v1/tables/:tableId/expunge` */
export const expungeTableRoute = defineRoute({
  method: 'post',
  path: '/v1/tables/:tableId/expunge',
  operationId: 'expungeTable',
  summary: 'Expunge the history of all records of a table',
  scopes: ['records:write', 'deliveries:write'],
  params: z.strictObject({ tableId: TableId }),
  query: NoFields,
  body: ExpungeInput,
  status: 200,
  answer: ExpungeResult,
  problems: [409],
  handle: async (context, { params, body }) => ({
    body: await expungeTable(context, { ...params, ...body }),
  }),
});
