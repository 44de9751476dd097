import { z } from 'zod';
import { ExpungeInput, ExpungeResult } from '../../../contracts/expunge.ts';
import { DeliveryId } from '../../../contracts/id.ts';
import { expungeDelivery } from '../../../services/deliveries/expunge.ts';
import { defineRoute, NoFields } from '../../define-route.ts';

/** `POST /v1/deliveries/:deliveryId/expunge` */
export const expungeDeliveryRoute = defineRoute({
  method: 'post',
  path: '/v1/deliveries/:deliveryId/expunge',
  operationId: 'expungeDelivery',
  summary: 'Expunge the body of a delivery and the answers to it',
  scopes: ['deliveries:write'],
  params: z.strictObject({ deliveryId: DeliveryId }),
  query: NoFields,
  body: ExpungeInput,
  status: 200,
  answer: ExpungeResult,
  problems: [409],
  handle: async (context, { params, body }) => ({
    body: await expungeDelivery(context, { ...params, ...body }),
  }),
});
