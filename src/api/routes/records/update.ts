import { z } from 'zod';
import { StoredRecordId, TableId } from '../../../contracts/id.ts';
import { UpdateRecordInput, WriteQuery, WrittenRecord } from '../../../contracts/record.ts';
import { updateRecord } from '../../../services/records/update.ts';
import { defineRoute } from '../../define-route.ts';
import { toReply } from './to-reply.ts';

/** `PATCH /v1/tables/:tableId/records/:recordId` */
export const updateRecordRoute = defineRoute({
  method: 'patch',
  path: '/v1/tables/:tableId/records/:recordId',
  operationId: 'updateRecord',
  summary: 'Merge values into a record: one record.updated, or none when nothing differs',
  description: 'Null takes a value away. A write that changes nothing makes no change: `changeId` is null.',
  scopes: ['records:write'],
  params: z.strictObject({ tableId: TableId, recordId: StoredRecordId }),
  query: WriteQuery,
  body: UpdateRecordInput,
  status: 200,
  answer: WrittenRecord,
  headers: ['etag'],
  problems: [409],
  conditional: true,
  handle: async (context, { params, query, body, ifVersion }) =>
    toReply(await updateRecord(context, { ...params, ...query, ...body, ifVersion })),
});
