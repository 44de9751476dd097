import { z } from 'zod';
import { Change, ChangeLogQuery } from '../../../contracts/change.ts';
import { TableId } from '../../../contracts/id.ts';
import { pageOf } from '../../../contracts/page.ts';
import { listChanges } from '../../../services/changes/list.ts';
import { defineRoute, NoBody } from '../../define-route.ts';

/** `GET /v1/tables/:tableId/changes` */
export const listChangesRoute = defineRoute({
  method: 'get',
  path: '/v1/tables/:tableId/changes',
  operationId: 'listChanges',
  summary: 'Read the change log of a table in commit-safe order, the newest 15 s held back',
  description:
    'Give `nextCursor` as `after` to go on. Changes younger than the hold-back are not shown yet, so that none is ever missed. A page of large changes ends before its `limit`.',
  scopes: ['records:read'],
  params: z.strictObject({ tableId: TableId }),
  query: ChangeLogQuery,
  body: NoBody,
  status: 200,
  answer: pageOf(Change),
  readsMany: true,
  handle: async (context, { params, query }) => ({
    body: await listChanges(context, { ...params, ...query }),
  }),
});
