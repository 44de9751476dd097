import { randomUUID } from 'node:crypto';
import type { HeldResult, RetryResult, SettledResult } from '../../contracts/workflow.ts';
import type { WaitReason } from '../../contracts/delivery.ts';
import { admit } from '../../domain/admission.ts';
import { hasLimits } from '../../domain/has-limits.ts';
import { NotFoundError } from '../../errors.ts';
import type { Claim, DeliveryDoc, DeliverySummary } from '../../models/delivery.ts';
import { DELIVERY_SUMMARY } from '../../models/delivery.ts';
import type { WebhookDoc } from '../../models/webhook.ts';
import type { ServiceContext } from '../context.ts';
import { unavailableOnNetworkError } from '../transaction.ts';
import { toCancelEdits } from './cancel.ts';
import { toHoldEdits } from './hold.ts';
import { leaseEnd } from './lease.ts';
import { endLostAttempt, toLostEdits } from './lost-attempt.ts';
import { hasEarlier } from './next-of-record.ts';
import { describeLastAttempt, toSettled } from './settled.ts';
import { VERIFY_AFTER_MS } from './reconcile.ts';
import { cancelUndone } from './undone.ts';

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
  /** Takes a place at the endpoint, or answers why there is none: then it may be asked again. */
  takePlace: (webhook: WebhookDoc) => Promise<WaitReason | null>;
}

/** `ended`: the delivery was settled before, or is now, since its webhook was deleted. */
export type BegunAttempt =
  | { kind: 'go'; attempt: StartedAttempt }
  | { kind: 'ended'; delivery: DeliverySummary; result: SettledResult }
  | HeldResult
  | RetryResult;

/**
 * Begins an attempt: reads the webhook as it is now, asks admission, and claims the delivery in one conditional update.
 * Idempotent: a settled delivery answers how it ended, one in another sender's hands or not yet due when to come back.
 */
export async function beginAttempt(context: AttemptContext, input: BeginAttemptInput): Promise<BegunAttempt> {
  return unavailableOnNetworkError(async () => {
    const asked = await ask(context, input);
    if (asked.kind === 'go') return claim(context, input.deliveryId, asked.webhook);
    if (asked.kind === 'hold') return hold(context, input, asked.reason);
    if (asked.kind === 'undone') return endUndone(context, input.deliveryId);
    return asked.kind === 'drop' ? drop(context, input.deliveryId) : asked.result;
  });
}

type Asked =
  | { kind: 'go'; webhook: WebhookDoc }
  | { kind: 'hold'; reason: WaitReason }
  | { kind: 'drop' }
  | { kind: 'undone' }
  | { kind: 'not-now'; result: BegunAttempt };

async function ask(
  context: AttemptContext,
  { deliveryId, webhookId, takePlace }: BeginAttemptInput,
): Promise<Asked> {
  const webhook = await context.models.webhooks.findOne({ _id: webhookId }).lean();
  let facts = { delivery: { attemptCount: 0 }, hasEarlier: false };
  if (webhook && needsDelivery(webhook)) {
    const delivery = await readDelivery(context, deliveryId);
    // Neither a slot nor a seat is spent on what cannot be attempted.
    const result = notNow(delivery, context.clock());
    if (result) return { kind: 'not-now', result };
    if (isUndone(delivery)) return { kind: 'undone' };
    const { order } = webhook.delivery;
    facts = { delivery, hasEarlier: order === 'record' && (await hasEarlier(context, delivery)) };
  }
  const admission = admit({ webhook, ...facts, calledBy: 'workflow' });
  if (admission.kind === 'hold' || admission.kind === 'drop' || webhook === null) {
    return admission.kind === 'hold' ? admission : { kind: 'drop' };
  }
  const reason = await takePlace(webhook);
  return reason === null ? { kind: 'go', webhook } : { kind: 'hold', reason };
}

/** Without order, limits and coalescing, all that admission asks of a delivery is in the webhook. */
function needsDelivery({ delivery, resuming }: WebhookDoc): boolean {
  const { order, coalesce } = delivery;
  return order === 'record' || hasLimits(delivery) || coalesce !== undefined || resuming !== null;
}

function isUndone(delivery: DeliverySummary): boolean {
  return delivery.claim === null && delivery.merged?.undone === true;
}

/** What keeps a delivery from being attempted, whatever its webhook says; one whose holder died is taken over later. */
function notNow(delivery: DeliverySummary, now: Date): BegunAttempt | null {
  if (!delivery.open) return ended(delivery);
  if (delivery.claim && delivery.claim.until > now) return comeBack(delivery, now);
  const dueMs = now.getTime() + DUE_TOLERANCE_MS;
  return (delivery.nextAttemptAt?.getTime() ?? 0) > dueMs ? comeBack(delivery, now) : null;
}

function ended(delivery: DeliverySummary): BegunAttempt {
  return { kind: 'ended', delivery, result: toSettled(delivery) };
}

async function readDelivery({ models }: AttemptContext, deliveryId: string): Promise<DeliverySummary> {
  const delivery = await models.deliveries.findOne({ _id: deliveryId }, DELIVERY_SUMMARY).lean();
  if (!delivery) throw new NotFoundError('delivery', deliveryId);
  return delivery;
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
      { _id: deliveryId, open: true, claim: null, 'merged.undone': { $ne: true }, ...isDue },
      [
        {
          $set: {
            state: 'delivering',
            waitReason: null,
            claim: { ...taken, number: { $add: ['$attemptCount', 1] } },
            verifyAt: verifyAfter(now),
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

/** What waited in line was not verified; what is being attempted is. */
function verifyAfter(now: Date): Date {
  return new Date(now.getTime() + VERIFY_AFTER_MS);
}

/** Why a claim was not to be had; one whose holder died is taken over here. */
async function explain(
  context: AttemptContext,
  deliveryId: string,
  webhook: WebhookDoc,
): Promise<BegunAttempt> {
  const delivery = await readDelivery(context, deliveryId);
  const now = context.clock();
  if (!delivery.open) return ended(delivery);
  if (delivery.claim && delivery.claim.until <= now) {
    return takeOver(context, { deliveryId, webhook, lost: delivery.claim });
  }
  if (isUndone(delivery) && !notNow(delivery, now)) return endUndone(context, deliveryId);
  return comeBack(delivery, now);
}

/** When to ask again for a delivery that is not due, in another sender's hands, or just let go of by one: then at once. */
function comeBack(delivery: DeliverySummary, now: Date): RetryResult {
  const at = delivery.claim?.until ?? delivery.nextAttemptAt ?? now;
  return {
    kind: 'retry',
    attemptCount: delivery.attemptCount,
    nextAttemptAt: at.toISOString(),
    summary: delivery.claim ? 'an attempt is being made elsewhere' : describeLastAttempt(delivery),
  };
}

interface TakeOverInput {
  deliveryId: string;
  webhook: WebhookDoc;
  lost: Claim;
}

/** The holder died between claim and record. Its attempt may have arrived, so it counts, as `interrupted`. */
async function takeOver(
  context: AttemptContext,
  { deliveryId, webhook, lost }: TakeOverInput,
): Promise<BegunAttempt> {
  const isLost = { _id: deliveryId, open: true, 'claim.token': lost.token };
  const delivery = await context.models.deliveries.findOne(isLost).lean();
  if (!delivery) return explain(context, deliveryId, webhook);
  const now = context.clock();
  const edits = toLostEdits(delivery, lost);
  const taken: Claim = {
    token: randomUUID(),
    number: lost.number + 1,
    startedAt: now,
    until: leaseEnd(now),
  };
  const { modifiedCount } = await context.models.deliveries.updateOne(isLost, {
    $set: { ...edits, state: 'delivering', waitReason: null, claim: taken, verifyAt: verifyAfter(now) },
  });
  if (modifiedCount === 0) return explain(context, deliveryId, webhook);
  return { kind: 'go', attempt: { delivery: { ...delivery, ...edits }, webhook, claim: taken } };
}

/**
 * Writes `waiting` first and asks again after, so that no wake-up can fall between the two. A delivery in another sender's
 * hands cannot be held yet: wake-ups find only what is `waiting`.
 */
async function hold(
  context: AttemptContext,
  input: BeginAttemptInput,
  reason: WaitReason,
): Promise<BegunAttempt> {
  const { models, clock } = context;
  const { deliveryId } = input;
  const now = clock();
  await endLostAttempt(context, deliveryId);
  await models.deliveries.updateOne(
    { _id: deliveryId, open: true, claim: null, waitReason: { $ne: reason } },
    toHoldEdits(reason, now),
    { updatePipeline: true },
  );
  const asked = await ask(context, input);
  if (asked.kind === 'go') return claim(context, deliveryId, asked.webhook);
  if (asked.kind === 'drop') return drop(context, deliveryId);
  if (asked.kind === 'not-now') return asked.result;
  if (asked.kind === 'undone') return endUndone(context, deliveryId);
  const delivery = await readDelivery(context, deliveryId);
  if (!delivery.open) return ended(delivery);
  // Still in another sender's hands: not yet `waiting`, so no wake-up would find it.
  if (delivery.state !== 'waiting') return comeBack(delivery, clock());
  // Who calls it up goes by the reason: the one from before may be nobody's any more.
  if (asked.reason !== reason) return hold(context, input, asked.reason);
  const summary = delivery.attemptCount > 0 ? describeLastAttempt(delivery) : undefined;
  return { kind: 'held', reason, ...(summary !== undefined && { summary }) };
}

/** Cancels a delivery whose webhook was deleted. */
async function drop(context: AttemptContext, deliveryId: string): Promise<BegunAttempt> {
  const { models, clock } = context;
  await models.deliveries.updateOne(
    { _id: deliveryId, open: true },
    { $set: toCancelEdits('webhook-deleted', clock()) },
  );
  return ended(await readDelivery(context, deliveryId));
}

/** Cancels a delivery whose merged edits came to nothing, unless one made something of it just now. */
async function endUndone(context: AttemptContext, deliveryId: string): Promise<BegunAttempt> {
  await cancelUndone(context, [deliveryId]);
  const delivery = await readDelivery(context, deliveryId);
  return delivery.open ? comeBack(delivery, context.clock()) : ended(delivery);
}
