import type { RetryResult, SettledResult } from '../../contracts/workflow.ts';
import type { Verdict } from '../../domain/classify-attempt.ts';
import { classifyAttempt } from '../../domain/classify-attempt.ts';
import { NotFoundError } from '../../errors.ts';
import { Batcher } from '../batcher.ts';
import type { Claim, DeliveryDoc } from '../../models/delivery.ts';
import type { NoteHealthInput } from '../webhooks/note-health.ts';
import { markWebhookGone } from '../webhooks/mark-gone.ts';
import type { EndedAttempt } from './attempt-edits.ts';
import { toAttemptEdits } from './attempt-edits.ts';
import { withAttempt, withoutAnswer } from './attempt-log.ts';
import type { AttemptContext, StartedAttempt } from './begin-attempt.ts';
import { describeLastAttempt, toSettled } from './settled.ts';

/** What an ended attempt came to. `ordered` as it is now: its webhook may have begun to keep order during the call. */
export interface RecordedAttempt {
  result: SettledResult | RetryResult;
  ordered: boolean;
}

/** Attempts of one process on their way into the log. Those that end at the same time share a write. */
export type AttemptRecorder = Batcher<EndedAttempt, RecordedAttempt>;

export type RecordContext = AttemptContext & {
  /** Hears what became of attempts to a webhook's endpoint, once it is recorded. Never rejects. */
  noteHealth: (input: NoteHealthInput) => Promise<void>;
};

/** Opens the recorder of a process. */
export function openAttemptRecorder(context: RecordContext): AttemptRecorder {
  return new Batcher({
    run: async (ended) => Promise.allSettled(await recordAttempts(context, ended)),
    atOnce: 1,
    maxWeight: 100,
  });
}

function byClaim({ _id }: DeliveryDoc, { token }: Claim) {
  return { _id, 'claim.token': token };
}

/**
 * Ends attempts in one write, each conditional on its claim, and on what follows from it being known. Should a claim be
 * lost meanwhile (cancelled, or taken over), a 2xx still wins and anything else is left to whoever holds the delivery now.
 */
async function recordAttempts(
  context: RecordContext,
  ended: readonly EndedAttempt[],
): Promise<Promise<RecordedAttempt>[]> {
  const now = context.clock();
  const judged = ended.map(({ attempt, call }) => {
    const verdict = classifyAttempt(call, attempt.webhook.retry, now);
    return { attempt, call, verdict, edits: toAttemptEdits(context, { attempt, call, verdict, now }) };
  });
  for (const { attempt, verdict } of judged) {
    const gone = verdict.kind === 'failed' && verdict.reason === 'gone';
    if (gone) await markWebhookGone(context, attempt.webhook._id);
  }
  const { matchedCount } = await context.models.deliveries.bulkWrite(
    judged.map(({ attempt: { delivery, claim }, edits }) => ({
      updateOne: {
        filter: { ...byClaim(delivery, claim), ordered: delivery.ordered },
        update: { $set: edits },
      },
    })),
    { ordered: false },
  );
  await noteHealths(context, judged);
  const allHeld = matchedCount === ended.length;
  return judged.map(async ({ attempt, verdict, edits }) => {
    if (allHeld) return toRecorded({ ...attempt.delivery, ...edits }, now);
    return toRecorded(await readRecorded(context, { attempt, verdict, edits }), now);
  });
}

/** Calls that our own shutdown cut off say nothing of the endpoint. */
async function noteHealths(
  { noteHealth }: RecordContext,
  judged: readonly (EndedAttempt & { verdict: Verdict })[],
): Promise<void> {
  const told = judged.filter(({ call }) => call.errorCode !== 'aborted');
  const webhooks = new Map(told.map(({ attempt: { webhook } }) => [webhook._id, webhook]));
  for (const webhook of webhooks.values()) {
    const answers = told
      .filter(({ attempt }) => attempt.webhook._id === webhook._id)
      .map(({ verdict, call }) => ({ verdict, status: call.status }));
    await noteHealth({ webhook, answers });
  }
}

interface JudgedAttempt {
  attempt: StartedAttempt;
  verdict: Verdict;
  edits: Partial<DeliveryDoc>;
}

/** The delivery after a write in which at least one claim of several was lost. */
async function readRecorded(
  context: AttemptContext,
  { attempt, verdict, edits }: JudgedAttempt,
): Promise<DeliveryDoc> {
  const { claim } = attempt;
  // Order was switched on during the call.
  await context.models.deliveries.updateOne(byClaim(attempt.delivery, claim), { $set: edits });
  const delivery = await readDelivery(context, attempt.delivery._id);
  if (verdict.kind !== 'delivered' || delivery.state === 'delivered') return delivery;
  await recordLate(context, attempt, edits);
  return readDelivery(context, attempt.delivery._id);
}

/**
 * A 2xx that comes after the claim was lost still wins. What others recorded meanwhile stays in the log; to a delivery that
 * was expunged no answer comes back.
 */
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
  const late = { _id: delivery._id, state: { $ne: 'delivered' as const } };
  const { matchedCount } = await context.models.deliveries.updateOne(
    { ...late, expungedAt: null },
    { $set: { ...edits, attempts, attemptCount } },
  );
  if (matchedCount > 0) return;
  await context.models.deliveries.updateOne(
    { ...late, expungedAt: { $ne: null } },
    { $set: { ...edits, attempts: attempts.map((one) => withoutAnswer(one)), attemptCount } },
  );
}

async function readDelivery({ models }: AttemptContext, deliveryId: string): Promise<DeliveryDoc> {
  const delivery = await models.deliveries.findOne({ _id: deliveryId }).lean();
  if (!delivery) throw new NotFoundError('delivery', deliveryId);
  return delivery;
}

function toRecorded(delivery: DeliveryDoc, now: Date): RecordedAttempt {
  const { open, ordered, attemptCount, nextAttemptAt } = delivery;
  if (!open) return { result: toSettled(delivery), ordered };
  const summary = describeLastAttempt(delivery);
  const at = (nextAttemptAt ?? now).toISOString();
  return { result: { kind: 'retry', attemptCount, nextAttemptAt: at, summary }, ordered };
}
