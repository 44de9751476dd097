import { z } from 'zod';
import { TableId } from '../../../contracts/id.ts';
import { PageQuery, pageOf } from '../../../contracts/page.ts';
import { KeysQuery, TableRecord } from '../../../contracts/record.ts';
import { listRecords } from '../../../services/records/list.ts';
import { defineRoute, NoBody } from '../../define-route.ts';

/** `GET /v1/tables/:tableId/records` */
export const listRecordsRoute = defineRoute({
  method: 'get',
  path: '/v1/tables/:tableId/records',
  operationId: 'listRecords',
  summary: 'List the records of a table, oldest first',
  scopes: ['records:read'],
  params: z.strictObject({ tableId: TableId }),
  query: PageQuery.extend(KeysQuery.shape),
  body: NoBody,
  status: 200,
  answer: pageOf(TableRecord),
  readsMany: true,
  handle: async (context, { params, query }) => ({
    body: await listRecords(context, { ...params, ...query }),
  }),
});
