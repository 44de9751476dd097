import { z } from 'zod';
import { ReportChangesInput, ReportChangesResult } from '../../../contracts/change.ts';
import { TableId } from '../../../contracts/id.ts';
import { KeysQuery } from '../../../contracts/record.ts';
import { reportChanges } from '../../../services/changes/report.ts';
import { defineRoute, LARGE_BODY_BYTES } from '../../define-route.ts';

/** `POST /v1/tables/:tableId/changes` */
export const reportChangesRoute = defineRoute({
  method: 'post',
  path: '/v1/tables/:tableId/changes',
  operationId: 'reportChanges',
  summary: 'Report up to 1,000 changes of records kept elsewhere, all or nothing',
  description: 'A `changeKey` that was reported before is answered as a `duplicate` and does nothing.',
  scopes: ['records:write'],
  params: z.strictObject({ tableId: TableId }),
  query: KeysQuery,
  body: ReportChangesInput,
  status: 202,
  answer: ReportChangesResult,
  idempotent: true,
  maxBodyBytes: LARGE_BODY_BYTES,
  handle: async (context, { params, query, body }) => ({
    body: await reportChanges(context, { ...params, ...query, ...body }),
  }),
});
