import { randomUUID } from 'node:crypto';
import type { HeldResult, RetryResult, SettledResult } from '../../contracts/workflow.ts';
import type { WaitReason } from '../../contracts/delivery.ts';
import { admit } from '../../domain/admission.ts';
import { NotFoundError } from '../../errors.ts';
import type { AttemptDoc, Claim, DeliveryDoc } from '../../models/delivery.ts';
import type { WebhookDoc } from '../../models/webhook.ts';
import type { ServiceContext } from '../context.ts';
import { unavailableOnNetworkError } from '../transaction.ts';
import { withAttempt } from './attempt-log.ts';
import { leaseEnd } from './lease.ts';
import { VERIFY_AFTER_MS } from './reconcile.ts';
import { describeLastAttempt, toSettled } from './settled.ts';

/** Timers of two machines may disagree by this much about when an attempt is due. */
const DUE_TOLERANCE_MS = 20;

export type AttemptContext = Pick<ServiceContext, 'models' | 'clock' | 'random' | 'secretBox'>;

/** A claimed delivery on its way out. Whoever holds it sends and records, nobody else. */
export interface StartedAttempt {
  delivery: DeliveryDoc;
  webhook: WebhookDoc;
  claim: Claim;
}

export interface BeginAttemptInput {
  deliveryId: string;
  webhookId: string;
  /** Takes a turn at the endpoint, once; false when it has none to give. */
  takeTurn: () => boolean;
}

export type BegunAttempt = { kind: 'go'; attempt: StartedAttempt } | SettledResult | HeldResult | RetryResult;

/**
 * Begins an attempt: reads the webhook as it is now, asks admission, and claims the delivery in one conditional update.
 * Idempotent: a settled delivery answers how it ended, one in another sender's hands or not yet due when to come back.
 */
export async function beginAttempt(context: AttemptContext, input: BeginAttemptInput): Promise<BegunAttempt> {
  const { deliveryId, webhookId, takeTurn } = input;
  return unavailableOnNetworkError(async () => {
    const webhook = await context.models.webhooks.findOne({ _id: webhookId }).lean();
    const admission = admit(webhook, takeTurn);
    if (webhook && admission.kind === 'go') return claim(context, deliveryId, webhook);
    if (admission.kind === 'hold') return hold(context, input, admission.reason);
    return drop(context, deliveryId);
  });
}

async function claim(
  context: AttemptContext,
  deliveryId: string,
  webhook: WebhookDoc,
): Promise<BegunAttempt> {
  const { models, clock } = context;
  const now = clock();
  const due = new Date(now.getTime() + DUE_TOLERANCE_MS);
  const taken = { token: randomUUID(), startedAt: now, until: leaseEnd(now) };
  const isDue = { $or: [{ nextAttemptAt: null }, { nextAttemptAt: { $lte: due } }] };
  const delivery = await models.deliveries
    .findOneAndUpdate(
      { _id: deliveryId, open: true, claim: null, ...isDue },
      [
        {
          $set: {
            state: 'delivering',
            waitReason: null,
            claim: { ...taken, number: { $add: ['$attemptCount', 1] } },
          },
        },
      ],
      { returnDocument: 'before', updatePipeline: true },
    )
    .lean();
  if (!delivery) return explain(context, deliveryId, webhook);
  return {
    kind: 'go',
    attempt: { delivery, webhook, claim: { ...taken, number: delivery.attemptCount + 1 } },
  };
}

/** Why a claim was not to be had; one whose holder died is taken over here. */
async function explain(
  context: AttemptContext,
  deliveryId: string,
  webhook: WebhookDoc,
): Promise<BegunAttempt> {
  const { models, clock } = context;
  const delivery = await models.deliveries.findOne({ _id: deliveryId }).lean();
  if (!delivery) throw new NotFoundError('delivery', deliveryId);
  if (!delivery.open) return toSettled(delivery);
  if (delivery.claim && delivery.claim.until <= clock()) {
    return takeOver(context, { delivery, webhook, lost: delivery.claim });
  }
  return comeBack(delivery, clock());
}

/** When to ask again for a delivery that is not due, in another sender's hands, or just let go of by one: then at once. */
function comeBack(delivery: DeliveryDoc, now: Date): RetryResult {
  const at = delivery.claim?.until ?? delivery.nextAttemptAt ?? now;
  return {
    kind: 'retry',
    attemptCount: delivery.attemptCount,
    nextAttemptAt: at.toISOString(),
    summary: delivery.claim ? 'an attempt is being made elsewhere' : describeLastAttempt(delivery),
  };
}

interface TakeOverInput {
  delivery: DeliveryDoc;
  webhook: WebhookDoc;
  lost: Claim;
}

/** The holder died between claim and record. Its attempt may have arrived, so it counts, as `interrupted`. */
async function takeOver(
  context: AttemptContext,
  { delivery, webhook, lost }: TakeOverInput,
): Promise<BegunAttempt> {
  const now = context.clock();
  const interrupted: AttemptDoc = {
    number: lost.number,
    startedAt: lost.startedAt,
    durationMs: null,
    outcome: 'interrupted',
    status: null,
    errorCode: null,
    errorMessage:
      'The worker stopped before the answer was recorded. The endpoint may have received this attempt.',
    responseHeaders: {},
    responseBody: null,
  };
  const edits = { attemptCount: lost.number, attempts: withAttempt(delivery.attempts, interrupted) };
  const taken: Claim = {
    token: randomUUID(),
    number: lost.number + 1,
    startedAt: now,
    until: leaseEnd(now),
  };
  const { modifiedCount } = await context.models.deliveries.updateOne(
    { _id: delivery._id, open: true, 'claim.token': lost.token },
    { $set: { ...edits, state: 'delivering', waitReason: null, claim: taken } },
  );
  if (modifiedCount === 0) return explain(context, delivery._id, webhook);
  return { kind: 'go', attempt: { delivery: { ...delivery, ...edits }, webhook, claim: taken } };
}

/**
 * Writes `waiting` first and asks again after, so that no wake-up can fall between the two. A delivery in another sender's
 * hands cannot be held yet: wake-ups find only what is `waiting`.
 */
async function hold(
  context: AttemptContext,
  { deliveryId, webhookId, takeTurn }: BeginAttemptInput,
  reason: WaitReason,
): Promise<BegunAttempt> {
  const { models, clock } = context;
  const now = clock();
  const free = { $or: [{ claim: null }, { 'claim.until': { $lte: now } }] };
  const verifyAt = new Date(now.getTime() + VERIFY_AFTER_MS);
  await models.deliveries.updateOne(
    { _id: deliveryId, open: true, waitReason: { $ne: reason }, ...free },
    [
      {
        $set: {
          state: 'waiting',
          waitReason: reason,
          waitingSince: { $ifNull: ['$waitingSince', now] },
          nextAttemptAt: null,
          verifyAt,
        },
      },
    ],
    { updatePipeline: true },
  );
  const webhook = await models.webhooks.findOne({ _id: webhookId }).lean();
  const admission = admit(webhook, takeTurn);
  if (webhook && admission.kind === 'go') return claim(context, deliveryId, webhook);
  if (admission.kind === 'drop') return drop(context, deliveryId);
  const delivery = await models.deliveries.findOne({ _id: deliveryId }).lean();
  if (!delivery) throw new NotFoundError('delivery', deliveryId);
  if (!delivery.open) return toSettled(delivery);
  // Still in another sender's hands: not yet `waiting`, so no wake-up would find it.
  if (delivery.state !== 'waiting') return comeBack(delivery, clock());
  return { kind: 'held', reason };
}

/** Cancels a delivery whose webhook was deleted. */
async function drop({ models, clock }: AttemptContext, deliveryId: string): Promise<SettledResult> {
  await models.deliveries.updateOne(
    { _id: deliveryId, open: true },
    {
      $set: {
        state: 'cancelled',
        open: false,
        waitReason: null,
        waitingSince: null,
        nextAttemptAt: null,
        claim: null,
        settledAt: clock(),
      },
    },
  );
  const delivery = await models.deliveries.findOne({ _id: deliveryId }).lean();
  if (!delivery) throw new NotFoundError('delivery', deliveryId);
  return toSettled(delivery);
}
