import { z } from 'zod';
import { StoredRecordId, TableId } from '../../../contracts/id.ts';
import { KeysQuery, TableRecord } from '../../../contracts/record.ts';
import { getRecord } from '../../../services/records/get.ts';
import { defineRoute, NoBody } from '../../define-route.ts';
import { toReply } from './to-reply.ts';

/** `GET /v1/tables/:tableId/records/:recordId` */
export const getRecordRoute = defineRoute({
  method: 'get',
  path: '/v1/tables/:tableId/records/:recordId',
  operationId: 'getRecord',
  summary: 'Read a record',
  scopes: ['records:read'],
  params: z.strictObject({ tableId: TableId, recordId: StoredRecordId }),
  query: KeysQuery,
  body: NoBody,
  status: 200,
  answer: TableRecord,
  headers: ['etag'],
  handle: async (context, { params, query }) => toReply(await getRecord(context, { ...params, ...query })),
});
