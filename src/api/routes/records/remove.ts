import { z } from 'zod';
import { StoredRecordId, TableId } from '../../../contracts/id.ts';
import { OperatorId } from '../../../contracts/operator.ts';
import { WriteQuery } from '../../../contracts/record.ts';
import { removeRecord } from '../../../services/records/remove.ts';
import { defineRoute, NoAnswer, NoBody } from '../../define-route.ts';

/** `DELETE /v1/tables/:tableId/records/:recordId` */
export const removeRecordRoute = defineRoute({
  method: 'delete',
  path: '/v1/tables/:tableId/records/:recordId',
  operationId: 'removeRecord',
  summary: 'Delete a record: one record.deleted, named in the headers of the answer',
  scopes: ['records:write'],
  params: z.strictObject({ tableId: TableId, recordId: StoredRecordId }),
  query: WriteQuery.omit({ keys: true }).extend({
    operatorId: OperatorId.optional().describe('Who deletes it.'),
  }),
  body: NoBody,
  status: 204,
  answer: NoAnswer,
  headers: ['tablehook-change-id', 'tablehook-workflow-url'],
  problems: [409],
  conditional: true,
  handle: async (context, { params, query: { fire, operatorId }, ifVersion }) => {
    const { changeId, workflow } = await removeRecord(context, { ...params, fire, operatorId, ifVersion });
    return {
      headers: {
        ...(changeId !== null && { 'tablehook-change-id': changeId }),
        ...(workflow?.url && { 'tablehook-workflow-url': workflow.url }),
      },
    };
  },
});
