import { PageQuery, pageOf } from '../../../contracts/page.ts';
import { Table } from '../../../contracts/table.ts';
import { listTables } from '../../../services/tables/list.ts';
import { defineRoute, NoBody, NoFields } from '../../define-route.ts';

/** `GET /v1/tables` */
export const listTablesRoute = defineRoute({
  method: 'get',
  path: '/v1/tables',
  operationId: 'listTables',
  summary: 'List the tables the key reaches, oldest first',
  scopes: ['tables:read'],
  params: NoFields,
  query: PageQuery,
  body: NoBody,
  status: 200,
  answer: pageOf(Table),
  readsMany: true,
  handle: async (context, { query }) => ({ body: await listTables(context, query) }),
});
