import type { RequestContext } from '../context.ts';
import { cancelDeliveries } from '../deliveries/cancel.ts';
import { runTransaction } from '../transaction.ts';
import { findWebhook } from './find.ts';
import { nextRevision } from './revision.ts';

/** Deletes a webhook and cancels its open deliveries; one that a crash leaves open is cancelled at its next attempt. */
export async function removeWebhook(
  context: RequestContext,
  { webhookId }: { webhookId: string },
): Promise<void> {
  const { models } = context;
  await runTransaction(models, async (session) => {
    const { tableId, enabled, delivery } = await findWebhook(context, webhookId, session);
    await nextRevision(models, session, {
      tableId,
      enabledDelta: enabled ? -1 : 0,
      orderedDelta: delivery.order === 'record' ? -1 : 0,
    });
    await models.webhooks.deleteOne({ _id: webhookId }, { session });
  });
  await cancelDeliveries(context, webhookId);
}
