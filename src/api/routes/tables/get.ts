import { z } from 'zod';
import { TableId } from '../../../contracts/id.ts';
import { Table } from '../../../contracts/table.ts';
import { getTable } from '../../../services/tables/get.ts';
import { defineRoute, NoBody, NoFields } from '../../define-route.ts';

/** `GET /v1/tables/:tableId` */
export const getTableRoute = defineRoute({
  method: 'get',
  path: '/v1/tables/:tableId',
  operationId: 'getTable',
  summary: 'Read a table and its fields',
  scopes: ['tables:read'],
  params: z.strictObject({ tableId: TableId }),
  query: NoFields,
  body: NoBody,
  status: 200,
  answer: Table,
  handle: async (context, { params }) => ({ body: await getTable(context, params) }),
});
