import { CreateTableInput, Table } from '../../../contracts/table.ts';
import { createTable } from '../../../services/tables/create.ts';
import { defineRoute, NoFields } from '../../define-route.ts';

/** `POST /v1/tables` */
export const createTableRoute = defineRoute({
  method: 'post',
  path: '/v1/tables',
  operationId: 'createTable',
  summary: 'Create a table',
  scopes: ['tables:write'],
  params: NoFields,
  query: NoFields,
  body: CreateTableInput,
  status: 201,
  answer: Table,
  headers: ['location'],
  idempotent: true,
  handle: async (context, { body }) => {
    const table = await createTable(context, body);
    return { body: table, headers: { location: `/v1/tables/${table.id}` } };
  },
});
