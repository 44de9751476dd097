import type { AttemptOutcome } from '../../contracts/delivery.ts';
import type { RetryResult, SettledResult } from '../../contracts/workflow.ts';
import type { AttemptAnswer, FailureReason, Verdict } from '../../domain/classify-attempt.ts';
import { classifyAttempt } from '../../domain/classify-attempt.ts';
import { nextAttemptAt } from '../../domain/retry-schedule.ts';
import { NotFoundError } from '../../errors.ts';
import type { AttemptDoc, DeliveryDoc } from '../../models/delivery.ts';
import { markWebhookGone } from '../webhooks/mark-gone.ts';
import { withAttempt } from './attempt-log.ts';
import type { AttemptContext, StartedAttempt } from './begin-attempt.ts';
import { VERIFY_AFTER_MS } from './reconcile.ts';
import { describeLastAttempt, toSettled } from './settled.ts';

/** What came of the call, as the HTTP client reports it. */
export interface CallResult extends AttemptAnswer {
  errorMessage: string | null;
  responseBody: string | null;
  durationMs: number;
}

/**
 * Ends an attempt in one write, conditional on its claim. Should the claim be lost meanwhile (cancelled, or taken over),
 * a 2xx still wins and anything else is left to whoever holds the delivery now.
 */
export async function recordAttempt(
  context: AttemptContext,
  attempt: StartedAttempt,
  call: CallResult,
): Promise<SettledResult | RetryResult> {
  const { models, clock } = context;
  const { delivery, webhook, claim } = attempt;
  const now = clock();
  const verdict = classifyAttempt(call, webhook.retry, now);
  if (verdict.kind === 'failed' && verdict.reason === 'gone') await markWebhookGone(context, webhook._id);
  const edits = toEdits(context, { attempt, call, verdict, now });
  const held = await models.deliveries
    .updateOne({ _id: delivery._id, 'claim.token': claim.token }, { $set: edits })
    .then(({ matchedCount }) => matchedCount > 0);
  if (!held && verdict.kind === 'delivered') await recordLate(context, attempt, edits);
  return toResult(held ? { ...delivery, ...edits } : await readDelivery(context, delivery._id), now);
}

/** A 2xx that comes after the claim was lost still wins. What others recorded meanwhile stays in the log. */
async function recordLate(
  context: AttemptContext,
  { delivery, claim }: StartedAttempt,
  edits: Partial<DeliveryDoc>,
): Promise<void> {
  const current = await readDelivery(context, delivery._id);
  const own = edits.attempts?.at(-1);
  const others = current.attempts.filter(({ number }) => number !== claim.number);
  const attempts = own ? withAttempt(others, own).toSorted((a, b) => a.number - b.number) : current.attempts;
  const attemptCount = Math.max(current.attemptCount, claim.number);
  await context.models.deliveries.updateOne(
    { _id: delivery._id, state: { $ne: 'delivered' } },
    { $set: { ...edits, attempts, attemptCount } },
  );
}

interface ToEditsInput {
  attempt: StartedAttempt;
  call: CallResult;
  verdict: Verdict;
  now: Date;
}

function toEdits(
  context: AttemptContext,
  { attempt, call, verdict, now }: ToEditsInput,
): Partial<DeliveryDoc> {
  const { delivery, claim } = attempt;
  const heldMs =
    delivery.heldMs +
    (delivery.waitingSince ? claim.startedAt.getTime() - delivery.waitingSince.getTime() : 0);
  const common = {
    claim: null,
    attemptCount: claim.number,
    waitReason: null,
    waitingSince: null,
    heldMs,
    lastStatus: call.status,
    lastErrorCode: call.errorCode,
    attempts: withAttempt(delivery.attempts, toAttemptDoc(attempt, call, verdict)),
    verifyAt: new Date(now.getTime() + VERIFY_AFTER_MS),
  };
  const settled = { open: false, nextAttemptAt: null, settledAt: now };
  if (verdict.kind === 'delivered') return { ...common, ...settled, state: 'delivered', failureReason: null };
  if (verdict.kind === 'failed')
    return { ...common, ...settled, state: 'failed', failureReason: verdict.reason };
  const next = nextDue(context, { attempt, heldMs, retryAfterMs: verdict.retryAfterMs, now });
  if (next === null) return { ...common, ...settled, state: 'failed', failureReason: GAVE_UP };
  return { ...common, state: 'retrying', nextAttemptAt: next };
}

const GAVE_UP: FailureReason = 'gave-up';

interface NextDueInput {
  attempt: StartedAttempt;
  heldMs: number;
  retryAfterMs: number | null;
  now: Date;
}

function nextDue(
  { random }: AttemptContext,
  { attempt, heldMs, retryAfterMs, now }: NextDueInput,
): Date | null {
  const { delivery, webhook, claim } = attempt;
  const policy = webhook.retry;
  const giveUpAt = new Date(delivery.changeAt.getTime() + policy.giveUpAfterMs + heldMs);
  return nextAttemptAt({ policy, attemptCount: claim.number, giveUpAt, now, retryAfterMs, random: random() });
}

function toAttemptDoc({ claim }: StartedAttempt, call: CallResult, verdict: Verdict): AttemptDoc {
  return {
    number: claim.number,
    startedAt: claim.startedAt,
    durationMs: Math.round(call.durationMs),
    outcome: toOutcome(call, verdict),
    status: call.status,
    errorCode: call.errorCode,
    errorMessage: call.errorMessage,
    responseHeaders: call.responseHeaders,
    responseBody: call.responseBody,
  };
}

function toOutcome(call: CallResult, verdict: Verdict): AttemptOutcome {
  if (verdict.kind === 'delivered') return 'delivered';
  if (call.outcome === 'response') return 'http-error';
  return call.errorCode === 'aborted' ? 'interrupted' : call.outcome;
}

async function readDelivery({ models }: AttemptContext, deliveryId: string): Promise<DeliveryDoc> {
  const delivery = await models.deliveries.findOne({ _id: deliveryId }).lean();
  if (!delivery) throw new NotFoundError('delivery', deliveryId);
  return delivery;
}

function toResult(delivery: DeliveryDoc, now: Date): SettledResult | RetryResult {
  if (!delivery.open) return toSettled(delivery);
  return {
    kind: 'retry',
    attemptCount: delivery.attemptCount,
    nextAttemptAt: (delivery.nextAttemptAt ?? now).toISOString(),
    summary: describeLastAttempt(delivery),
  };
}
