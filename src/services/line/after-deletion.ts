import type { LookedAfter, ServiceContext } from '../context.ts';
import { toCancelEdits } from '../deliveries/cancel.ts';

const BATCH = 100;

/**
 * Of a webhook that was deleted: cancels what was planned for it meanwhile, and answers the cancelled deliveries behind
 * `after`, whose workflows are to end; at most 100, oldest first.
 */
export async function cancelAfterDeletion(
  { models, clock }: Pick<ServiceContext, 'models' | 'clock'>,
  { webhookId, after }: { webhookId: string; after?: string },
): Promise<LookedAfter[]> {
  if (after === undefined) {
    await models.deliveries.updateMany(
      { webhookId, state: 'waiting' },
      { $set: toCancelEdits('webhook-deleted', clock()) },
    );
  }
  const behind = after === undefined ? {} : { _id: { $gt: after } };
  return models.deliveries
    .find({ webhookId, state: 'cancelled', ...behind }, { changeId: 1, workflowId: 1, open: 1 })
    .sort({ _id: 1 })
    .limit(BATCH)
    .lean();
}
