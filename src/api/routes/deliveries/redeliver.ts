import { z } from 'zod';
import { Delivery, RedeliverInput } from '../../../contracts/delivery.ts';
import { DeliveryId } from '../../../contracts/id.ts';
import { redeliverDelivery } from '../../../services/deliveries/redeliver.ts';
import { defineRoute, NoFields } from '../../define-route.ts';

/** `POST /v1/deliveries/:deliveryId/redeliver` */
export const redeliverDeliveryRoute = defineRoute({
  method: 'post',
  path: '/v1/deliveries/:deliveryId/redeliver',
  operationId: 'redeliverDelivery',
  summary: 'Send a settled delivery again: same id, same bytes',
  description:
    'Attempts are counted on, the horizon begins anew. To a webhook that keeps order and already got a later version of the record it is 409, unless `force`.',
  scopes: ['deliveries:write'],
  params: z.strictObject({ deliveryId: DeliveryId }),
  query: NoFields,
  body: RedeliverInput,
  status: 202,
  answer: Delivery,
  problems: [409],
  handle: async (context, { params, body }) => ({
    body: await redeliverDelivery(context, { ...params, ...body }),
  }),
});
