import type { WaitReason } from '../../contracts/delivery.ts';
import { admit } from '../../domain/admission.ts';
import type { DeliveryDoc } from '../../models/delivery.ts';
import type { ServiceContext } from '../context.ts';
import type { WaitingDelivery } from '../../models/delivery.ts';
import { findNexts } from './next-of-record.ts';
import { VERIFY_AFTER_MS } from './reconcile.ts';

/**
 * The edits, as stages of an update, that put an open delivery on hold. Time held does not count against its horizon,
 * except while its endpoint fails. What waits in its webhook's line is looked after as a whole, so nobody verifies it.
 */
export function toHoldEdits(reason: WaitReason, now: Date) {
  const heldMs = { $add: ['$heldMs', msSince('$waitingSince', now)] };
  return [
    {
      $set: {
        state: 'waiting',
        waitReason: reason,
        heldMs,
        waitingSince: reason === 'circuit-open' ? null : now,
        nextAttemptAt: null,
        verifyAt: reason === 'earlier-change' ? new Date(now.getTime() + VERIFY_AFTER_MS) : null,
      },
    },
  ];
}

function msSince(field: string, now: Date) {
  return { $cond: [{ $eq: [field, null] }, 0, { $subtract: [now, field] }] };
}

/**
 * Puts a delivery whose attempt has just failed on hold again, where its webhook holds what it is owed. Answers whether it
 * did: if not, it is due when its schedule says.
 */
export async function holdAgain(
  { models, clock }: Pick<ServiceContext, 'models' | 'clock'>,
  { _id, webhookId }: Pick<DeliveryDoc, '_id' | 'webhookId'>,
): Promise<boolean> {
  const webhook = await models.webhooks
    .findOne({ _id: webhookId }, { enabled: 1, health: 1, paused: 1, resuming: 1 })
    .lean();
  if (!webhook) return false;
  const admission = admit({ webhook, delivery: { attemptCount: 1 }, hasEarlier: false, calledBy: 'line' });
  if (admission.kind !== 'hold') return false;
  const { modifiedCount } = await models.deliveries.updateOne(
    { _id, state: 'retrying', claim: null },
    toHoldEdits(admission.reason, clock()),
    { updatePipeline: true },
  );
  return modifiedCount > 0;
}

/**
 * Takes deliveries that are not their record's next out of their webhook's line: they wait for an earlier change. Those
 * that turn out to be next after all are put back, since nobody else will. Answers how many were not next.
 */
export async function holdForOrder(
  { models, clock }: Pick<ServiceContext, 'models' | 'clock'>,
  deliveries: readonly WaitingDelivery[],
): Promise<number> {
  const nexts = await findNexts({ models }, deliveries);
  const others = deliveries.filter((delivery) => !nexts.includes(delivery));
  await setReason({ models, clock }, others, 'earlier-change');
  const freed = await findNexts({ models }, others);
  await setReason({ models, clock }, freed, 'resuming');
  return others.length;
}

async function setReason(
  { models, clock }: Pick<ServiceContext, 'models' | 'clock'>,
  deliveries: readonly WaitingDelivery[],
  reason: WaitReason,
): Promise<void> {
  if (deliveries.length === 0) return;
  await models.deliveries.updateMany(
    { _id: { $in: deliveries.map(({ _id }) => _id) }, state: 'waiting' },
    toHoldEdits(reason, clock()),
    { updatePipeline: true },
  );
}
