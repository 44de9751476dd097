import { z } from 'zod';
import { DeliveryId } from '../../../contracts/id.ts';
import { Delivery } from '../../../contracts/delivery.ts';
import { cancelDelivery } from '../../../services/deliveries/cancel.ts';
import { defineRoute, NoBody, NoFields } from '../../define-route.ts';

/** `POST /v1/deliveries/:deliveryId/cancel` */
export const cancelDeliveryRoute = defineRoute({
  method: 'post',
  path: '/v1/deliveries/:deliveryId/cancel',
  operationId: 'cancelDelivery',
  summary: 'Cancel an open delivery',
  description: 'Should an attempt under way still succeed, it counts as delivered.',
  scopes: ['deliveries:write'],
  params: z.strictObject({ deliveryId: DeliveryId }),
  query: NoFields,
  body: NoBody,
  status: 200,
  answer: Delivery,
  problems: [409],
  handle: async (context, { params }) => ({ body: await cancelDelivery(context, params) }),
});
