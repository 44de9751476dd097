import { z } from 'zod';
import { ExpungeInput, ExpungeResult } from '../../../contracts/expunge.ts';
import { AnyRecordId, TableId } from '../../../contracts/id.ts';
import { expungeRecord } from '../../../services/records/expunge.ts';
import { defineRoute, NoFields } from '../../define-route.ts';

/** `POST /v1/tables/:tableId/records/:recordId/expunge` */
export const expungeRecordRoute = defineRoute({
  method: 'post',
  path: '/v1/tables/:tableId/records/:recordId/expunge',
  operationId: 'expungeRecord',
  summary: 'Expunge the history of a record, kept or reported',
  scopes: ['records:write', 'deliveries:write'],
  params: z.strictObject({ tableId: TableId, recordId: AnyRecordId }),
  query: NoFields,
  body: ExpungeInput,
  status: 200,
  answer: ExpungeResult,
  problems: [409],
  handle: async (context, { params, body }) => ({
    body: await expungeRecord(context, { ...params, ...body }),
  }),
});
