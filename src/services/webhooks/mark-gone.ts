import { isListening } from '../../models/webhook.ts';
import type { ServiceContext } from '../context.ts';
import { runTransaction } from '../transaction.ts';
import { webhookNeedsAttention } from '../events/events.ts';
import { toUntold } from '../events/untold.ts';
import { nextRevision, switchSpans } from './revision.ts';

const GONE = 'Its endpoint answered 410 Gone, and it was disabled. Enable it to call it again.';

/** Disables a webhook whose endpoint answered 410. Idempotent: one that is disabled or deleted already stays as it is. */
export async function markWebhookGone(
  { models, clock }: Pick<ServiceContext, 'models' | 'clock'>,
  webhookId: string,
): Promise<void> {
  await runTransaction(models, async (session) => {
    const doc = await models.webhooks.findOne({ _id: webhookId }, null, { session }).lean();
    if (!doc?.enabled) return;
    const revision = await nextRevision(models, session, {
      tableId: doc.tableId,
      listeningDelta: isListening(doc) ? -1 : 0,
      orderedDelta: 0,
    });
    const now = clock();
    const edits = {
      untold: [...(doc.untold ?? []), ...toUntold(webhookNeedsAttention(doc, GONE, now))],
      enabled: false,
      enabledSpans: switchSpans(doc.enabledSpans, false, revision),
      status: 'gone' as const,
      statusReason: `The endpoint ${doc.host} answered 410 Gone. Enable the webhook to call it again.`,
      updatedAt: now,
    };
    await models.webhooks.updateOne({ _id: webhookId }, { $set: edits }, { session });
  });
}
