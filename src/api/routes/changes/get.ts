import { z } from 'zod';
import { ChangeId } from '../../../contracts/id.ts';
import { ChangeWithDeliveries } from '../../../contracts/change-with-deliveries.ts';
import { getChange } from '../../../services/changes/get.ts';
import { defineRoute, NoBody, NoFields } from '../../define-route.ts';

/** `GET /v1/changes/:changeId` */
export const getChangeRoute = defineRoute({
  method: 'get',
  path: '/v1/changes/:changeId',
  operationId: 'getChange',
  summary: 'Read a change with its deliveries',
  description: 'Did the CRM get it? The change, and what became of it for each webhook.',
  scopes: ['records:read', 'deliveries:read'],
  params: z.strictObject({ changeId: ChangeId }),
  query: NoFields,
  body: NoBody,
  status: 200,
  answer: ChangeWithDeliveries,
  handle: async (context, { params }) => ({ body: await getChange(context, params) }),
});
