import { NotFoundError } from '../../errors.ts';
import type { DeliverySummary } from '../../models/delivery.ts';
import { DELIVERY_SUMMARY } from '../../models/delivery.ts';
import { requireTable } from '../access.ts';
import type { RequestContext } from '../context.ts';

/** The delivery without its bytes, or NotFoundError, or ForbiddenError when its table is out of the key's reach. */
export async function findDelivery(
  { models, actor }: RequestContext,
  deliveryId: string,
): Promise<DeliverySummary> {
  const doc = await models.deliveries.findOne({ _id: deliveryId }, DELIVERY_SUMMARY).lean();
  if (!doc) throw new NotFoundError('delivery', deliveryId);
  requireTable(actor, doc.tableId);
  return doc;
}
