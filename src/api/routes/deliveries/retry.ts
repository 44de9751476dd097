import { z } from 'zod';
import { DeliveryId } from '../../../contracts/id.ts';
import { Delivery } from '../../../contracts/delivery.ts';
import { retryDelivery } from '../../../services/deliveries/retry.ts';
import { defineRoute, NoBody, NoFields } from '../../define-route.ts';

/** `POST /v1/deliveries/:deliveryId/retry` */
export const retryDeliveryRoute = defineRoute({
  method: 'post',
  path: '/v1/deliveries/:deliveryId/retry',
  operationId: 'retryDelivery',
  summary: 'Attempt an open delivery now rather than later',
  description: '409 when nothing can be attempted now; `detail` says what holds it.',
  scopes: ['deliveries:write'],
  params: z.strictObject({ deliveryId: DeliveryId }),
  query: NoFields,
  body: NoBody,
  status: 202,
  answer: Delivery,
  problems: [409],
  handle: async (context, { params }) => ({ body: await retryDelivery(context, params) }),
});
