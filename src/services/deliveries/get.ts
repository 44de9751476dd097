import type { DeliveryWithAttempts } from '../../contracts/delivery.ts';
import { NotFoundError } from '../../errors.ts';
import { toAttempt, toDelivery } from '../../models/delivery.ts';
import { requireTable } from '../access.ts';
import type { RequestContext } from '../context.ts';

/** One delivery with its attempts. */
export async function getDelivery(
  { models, actor, clock, workflowLink }: RequestContext,
  { deliveryId }: { deliveryId: string },
): Promise<DeliveryWithAttempts> {
  const doc = await models.deliveries.findOne({ _id: deliveryId }, { body: 0 }).lean();
  if (!doc) throw new NotFoundError('delivery', deliveryId);
  requireTable(actor, doc.tableId);
  return {
    ...toDelivery(doc, clock(), workflowLink),
    attempts: doc.attempts.map((attempt) => toAttempt(attempt)),
  };
}
