import { z } from 'zod';
import { DeliveryId } from '../../../contracts/id.ts';
import { DeliveryWithAttempts } from '../../../contracts/delivery.ts';
import { getDelivery } from '../../../services/deliveries/get.ts';
import { defineRoute, NoBody, NoFields } from '../../define-route.ts';

/** `GET /v1/deliveries/:deliveryId` */
export const getDeliveryRoute = defineRoute({
  method: 'get',
  path: '/v1/deliveries/:deliveryId',
  operationId: 'getDelivery',
  summary: 'Read a delivery with its attempts',
  scopes: ['deliveries:read'],
  params: z.strictObject({ deliveryId: DeliveryId }),
  query: NoFields,
  body: NoBody,
  status: 200,
  answer: DeliveryWithAttempts,
  handle: async (context, { params }) => ({ body: await getDelivery(context, params) }),
});
