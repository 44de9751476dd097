import { Delivery, ListDeliveriesQuery } from '../../../contracts/delivery.ts';
import { pageOf } from '../../../contracts/page.ts';
import { listDeliveries } from '../../../services/deliveries/list.ts';
import { defineRoute, NoBody, NoFields } from '../../define-route.ts';

/** `GET /v1/deliveries` */
export const listDeliveriesRoute = defineRoute({
  method: 'get',
  path: '/v1/deliveries',
  operationId: 'listDeliveries',
  summary: 'Read the delivery log, newest first',
  scopes: ['deliveries:read'],
  params: NoFields,
  query: ListDeliveriesQuery,
  body: NoBody,
  status: 200,
  answer: pageOf(Delivery),
  readsMany: true,
  handle: async (context, { query }) => ({ body: await listDeliveries(context, query) }),
});
