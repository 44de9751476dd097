import { z } from 'zod';
import { TableId } from '../../../contracts/id.ts';
import { CreateRecordInput, WriteQuery, WrittenRecord } from '../../../contracts/record.ts';
import { createRecord } from '../../../services/records/create.ts';
import { defineRoute } from '../../define-route.ts';
import { toReply } from './to-reply.ts';

/** `POST /v1/tables/:tableId/records` */
export const createRecordRoute = defineRoute({
  method: 'post',
  path: '/v1/tables/:tableId/records',
  operationId: 'createRecord',
  summary: 'Create a record: one record.created',
  scopes: ['records:write'],
  params: z.strictObject({ tableId: TableId }),
  query: WriteQuery,
  body: CreateRecordInput,
  status: 201,
  answer: WrittenRecord,
  headers: ['etag', 'location'],
  idempotent: true,
  handle: async (context, { params, query, body }) => {
    const record = await createRecord(context, { ...params, ...query, ...body });
    return toReply(record, { location: `/v1/tables/${params.tableId}/records/${record.id}` });
  },
});
