import { isListening } from '../../models/webhook.ts';
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
    const doc = await findWebhook(context, webhookId, session);
    await nextRevision(models, session, {
      tableId: doc.tableId,
      listeningDelta: isListening(doc) ? -1 : 0,
      orderedDelta: doc.delivery.order === 'record' ? -1 : 0,
    });
    await models.webhooks.deleteOne({ _id: webhookId }, { session });
  });
  await cancelDeliveries(context, webhookId);
}
