import type { AttemptOutcome } from '../../contracts/delivery.ts';
import type { AttemptAnswer, FailureReason, Verdict } from '../../domain/classify-attempt.ts';
import { nextAttemptAt } from '../../domain/retry-schedule.ts';
import type { AttemptDoc, DeliveryDoc } from '../../models/delivery.ts';
import { withAttempt } from './attempt-log.ts';
import type { AttemptContext, StartedAttempt } from './begin-attempt.ts';
import { VERIFY_AFTER_MS } from './reconcile.ts';

/** What came of the call, as the HTTP client reports it. */
export interface CallResult extends AttemptAnswer {
  errorMessage: string | null;
  responseBody: string | null;
  durationMs: number;
}

/** An attempt whose call has ended, to be recorded. */
export interface EndedAttempt {
  attempt: StartedAttempt;
  call: CallResult;
}

interface ToAttemptEditsInput extends EndedAttempt {
  verdict: Verdict;
  now: Date;
}

/** What an ended attempt makes of its delivery: delivered, failed, or due again at a time within its horizon. */
export function toAttemptEdits(
  context: AttemptContext,
  { attempt, call, verdict, now }: ToAttemptEditsInput,
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
  const settled = { open: false, nextAttemptAt: null, settledAt: now, cancelReason: null };
  if (verdict.kind === 'delivered') return { ...common, ...settled, state: 'delivered', failureReason: null };
  const failed = { ...common, ...settled, state: 'failed' as const, untold: true as const };
  if (verdict.kind === 'failed') return { ...failed, failureReason: verdict.reason };
  const next = nextDue(context, { attempt, heldMs, retryAfterMs: verdict.retryAfterMs, now });
  if (next === null) return { ...failed, failureReason: GAVE_UP };
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
  const giveUpAt = new Date(delivery.owedSince.getTime() + policy.giveUpAfterMs + heldMs);
  const attemptCount = countAttempts(delivery, claim.number);
  return nextAttemptAt({ policy, attemptCount, giveUpAt, now, retryAfterMs, random: random() });
}

/** Since the delivery was owed anew, the one that ended counted in: what is sent again begins its schedule again. */
function countAttempts({ attempts, owedSince }: DeliveryDoc, number: number): number {
  const earlier = attempts.filter(({ startedAt }) => startedAt < owedSince).at(-1)?.number ?? 0;
  return number - earlier;
}

function toAttemptDoc({ claim }: StartedAttempt, call: CallResult, verdict: Verdict): AttemptDoc {
  return {
    number: claim.number,
    startedAt: claim.startedAt,
    durationMs: Math.round(call.durationMs),
    outcome: toAttemptOutcome(call, verdict),
    status: call.status,
    errorCode: call.errorCode,
    errorMessage: call.errorMessage,
    responseHeaders: call.responseHeaders,
    responseBody: call.responseBody,
  };
}

/** What became of a call, in one word. */
export function toAttemptOutcome(call: CallResult, verdict: Verdict): AttemptOutcome {
  if (verdict.kind === 'delivered') return 'delivered';
  if (call.outcome === 'response') return 'http-error';
  return call.errorCode === 'aborted' ? 'interrupted' : call.outcome;
}
