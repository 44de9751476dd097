import type { DeliverySummary } from '../../models/delivery.ts';
import { DELIVERY_SUMMARY } from '../../models/delivery.ts';
import type { ServiceContext } from '../context.ts';
import { toCancelEdits } from './cancel.ts';

/**
 * Cancels deliveries whose merged edits came to nothing, in one conditional update, and answers those. Any that an edit
 * made something of meanwhile is left alone.
 */
export async function cancelUndone(
  { models, clock }: Pick<ServiceContext, 'models' | 'clock'>,
  deliveryIds: readonly string[],
): Promise<DeliverySummary[]> {
  const _id = { $in: [...deliveryIds] };
  await models.deliveries.updateMany(
    { _id, open: true, claim: null, 'merged.undone': true },
    { $set: toCancelEdits('undone', clock()) },
  );
  return models.deliveries.find({ _id, state: 'cancelled', cancelReason: 'undone' }, DELIVERY_SUMMARY).lean();
}
