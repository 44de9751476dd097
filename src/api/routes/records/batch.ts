import { z } from 'zod';
import { TableId } from '../../../contracts/id.ts';
import { BatchRecordsInput, BatchResult, WriteQuery } from '../../../contracts/record.ts';
import { batchRecords } from '../../../services/records/batch.ts';
import { defineRoute, LARGE_BODY_BYTES } from '../../define-route.ts';

/** `POST /v1/tables/:tableId/records/batch` */
export const batchRecordsRoute = defineRoute({
  method: 'post',
  path: '/v1/tables/:tableId/records/batch',
  operationId: 'batchRecords',
  summary: 'Create, update and delete up to 1,000 records, all or nothing',
  description:
    'One record change per record that differs. The operations happen in one transaction; the records they change may hold 24 MiB together, else it is 413.',
  scopes: ['records:write'],
  params: z.strictObject({ tableId: TableId }),
  query: WriteQuery,
  body: BatchRecordsInput,
  status: 200,
  answer: BatchResult,
  problems: [412],
  idempotent: true,
  maxBodyBytes: LARGE_BODY_BYTES,
  handle: async (context, { params, query, body }) => ({
    body: await batchRecords(context, { ...params, ...query, ...body }),
  }),
});
