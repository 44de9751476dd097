import type { ClientSession } from 'mongoose';
import type { Delivery, RedeliverInput } from '../../contracts/delivery.ts';
import { ConflictError } from '../../errors.ts';
import type { DeliveryDoc, DeliverySummary } from '../../models/delivery.ts';
import { DELIVERY_SUMMARY, toDelivery } from '../../models/delivery.ts';
import type { WebhookDoc } from '../../models/webhook.ts';
import { toRunId } from '../changes/rerun.ts';
import type { RequestContext } from '../context.ts';
import { runTransaction } from '../transaction.ts';
import { findDelivery } from './find.ts';
import { VERIFY_AFTER_MS } from './reconcile.ts';
import { renderAnew } from './render-anew.ts';
import { toReopenEdits } from './reopen.ts';
import { isUnsendable } from './unsendable.ts';

/**
 * Sends a settled delivery again: same id, same bytes, its attempts counted on, its horizon begun anew. Durable when it
 * answers, also while Temporal is down. One that never had bytes, since its webhook's template failed, is rendered with the
 * webhook as it is now. ConflictError when that fails too, for one that is still open, whose edits came to nothing, that was expunged, whose webhook was deleted, or,
 * unless `force`, whose webhook keeps order and already got a later version of the record.
 */
export async function redeliverDelivery(
  context: RequestContext,
  { deliveryId, force }: RedeliverInput & { deliveryId: string },
): Promise<Delivery> {
  const { models, clock, waker, workflowLink } = context;
  const found = await findDelivery(context, deliveryId);
  refuseUnsendable(found);
  const webhook = await models.webhooks
    .findOne({ _id: found.webhookId }, { delivery: 1, name: 1, payload: 1 })
    .lean();
  if (!webhook) throw new ConflictError('The webhook was deleted: nobody is there to be told.');
  const ordered = webhook.delivery.order === 'record';
  if (ordered && !force) await refuseOutdated(context, found);
  const bytes = isUnsendable(found) ? await renderBytes(context, found, webhook) : {};
  const delivery = await runTransaction(models, async (session) =>
    reopen(context, { delivery: found, bytes, ordered, session }),
  );
  // Somebody else reopened or expunged it meanwhile.
  if (!delivery) throw new ConflictError('The delivery was sent again, or expunged, by somebody else.');
  await waker.lookAfter([delivery]);
  return toDelivery(await findDelivery(context, deliveryId), clock(), workflowLink);
}

const STILL_OPEN = 'The delivery is still open. Retry it to have it attempted now.';

function refuseUnsendable({ open, merged, expungedAt }: DeliverySummary): void {
  if (open) throw new ConflictError(STILL_OPEN);
  if (expungedAt) throw new ConflictError('The delivery was expunged: there is nothing left to send.');
  if (merged?.undone) {
    throw new ConflictError('The edits merged into the delivery undid each other: there is nothing to send.');
  }
}

async function refuseOutdated({ models }: RequestContext, delivery: DeliverySummary): Promise<void> {
  const { webhookId, recordId, recordVersion } = delivery;
  const later = await models.deliveries
    .findOne({ recordId, webhookId, recordVersion: { $gt: recordVersion }, state: 'delivered' })
    .select({ recordVersion: 1 })
    .lean();
  if (!later) return;
  throw new ConflictError(
    `The webhook keeps the order of changes and already got version ${later.recordVersion} of the record. Redeliver with force to send version ${recordVersion} all the same.`,
  );
}

async function renderBytes(
  context: RequestContext,
  delivery: DeliverySummary,
  webhook: Pick<WebhookDoc, '_id' | 'name' | 'payload'>,
): Promise<Pick<DeliveryDoc, 'body'>> {
  const rendered = await renderAnew(context, { delivery, webhook });
  if (!rendered) throw new ConflictError('The change that the delivery was to tell of is gone.');
  if (rendered.ok) return { body: rendered.body };
  throw new ConflictError(
    `The template of the webhook fails on this change: ${rendered.reason}. Mend it, and redeliver.`,
  );
}

interface ReopenInput {
  delivery: DeliverySummary;
  /** Of one that had none. */
  bytes: Partial<Pick<DeliveryDoc, 'body'>>;
  ordered: boolean;
  session: ClientSession;
}

/**
 * The change's workflow may still run for other webhooks, and is done with this delivery: both go on under the id of a
 * further run, which nobody started. So whoever looks after either finds that out, and runs the change again. Null when
 * somebody else reopened or expunged the delivery meanwhile.
 */
async function reopen(
  { models, clock }: RequestContext,
  { delivery: { _id, changeId, settledAt }, bytes, ordered, session }: ReopenInput,
): Promise<DeliverySummary | null> {
  const change = await models.changes.findOne({ _id: changeId }, { run: 1 }, { session }).lean();
  const run = (change?.run ?? 0) + 1;
  const workflowId = toRunId(changeId, run);
  const now = clock();
  const verifyAt = new Date(now.getTime() + VERIFY_AFTER_MS);
  const reopened = await models.deliveries
    .findOneAndUpdate(
      // One that was sent again meanwhile has bytes, and keeps them.
      { _id, open: false, expungedAt: null, settledAt },
      { $set: { ...toReopenEdits(now), ...bytes, state: 'pending', ordered, workflowId, verifyAt } },
      { session, returnDocument: 'after', projection: DELIVERY_SUMMARY },
    )
    .lean();
  if (!reopened) return null;
  const edits = { run, workflowId, hasWorkflow: true };
  await models.changes.updateOne({ _id: changeId }, { $set: edits }, { session });
  // The further run looks after all that is open; the one before it is told as well.
  await models.deliveries.updateMany({ changeId, open: true }, { $set: { workflowId } }, { session });
  return reopened;
}
