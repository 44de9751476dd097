import { z } from 'zod';
import { TableId } from '../../../contracts/id.ts';
import { Table, UpdateTableInput } from '../../../contracts/table.ts';
import { updateTable } from '../../../services/tables/update.ts';
import { defineRoute, NoFields } from '../../define-route.ts';

/** `PATCH /v1/tables/:tableId` */
export const updateTableRoute = defineRoute({
  method: 'patch',
  path: '/v1/tables/:tableId',
  operationId: 'updateTable',
  summary: 'Rename a table, or replace its list of fields',
  description: '`fields` is the whole list: with an id kept, without one added, missing deleted.',
  scopes: ['tables:write'],
  params: z.strictObject({ tableId: TableId }),
  query: NoFields,
  body: UpdateTableInput,
  status: 200,
  answer: Table,
  problems: [409],
  handle: async (context, { params, body }) => ({ body: await updateTable(context, { ...params, ...body }) }),
});
