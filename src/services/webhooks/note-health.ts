import type { Verdict } from '../../domain/classify-attempt.ts';
import { opensCircuit, pausesByItself, probeDelayMs } from '../../domain/circuit.ts';
import type { WebhookDoc } from '../../models/webhook.ts';
import { describeFailing } from '../../models/webhook.ts';
import type { EventTeller, ServiceContext, Waker } from '../context.ts';
import { webhookFailing, webhookPaused, webhookRecovered } from '../events/events.ts';
import { pushUntold, tellUntold, untoldStage } from '../events/untold.ts';

export type HealthContext = Pick<ServiceContext, 'models' | 'clock' | 'circuit'> & {
  waker: Waker;
  events: EventTeller;
};

/** What came of attempts to one webhook's endpoint that ended at the same time, in the order they ended. */
export interface NoteHealthInput {
  /** As the attempts knew it. */
  webhook: WebhookDoc;
  answers: readonly { verdict: Verdict; status: number | null }[];
}

/**
 * Keeps count of how an endpoint fares. Writes on failure, and on the first success after one; healthy traffic writes
 * nothing. Opens and closes the circuit, pauses the webhook when it has long had nothing but failure, and ends that pause.
 */
export async function noteHealth(context: HealthContext, input: NoteHealthInput): Promise<void> {
  const { webhook, answers } = input;
  const gone = answers.some(({ verdict }) => verdict.kind === 'failed' && verdict.reason === 'gone');
  if (gone) await tellUntold(context, webhook._id);
  const lastSuccess = answers.findLastIndex(({ verdict }) => verdict.kind === 'delivered');
  if (lastSuccess !== -1 && isTroubled(webhook)) await noteSuccess(context, webhook);
  // An endpoint that refuses for good did answer; one that answered after it failed is well.
  const failures = answers.slice(lastSuccess + 1).filter(({ verdict }) => verdict.kind !== 'delivered');
  if (failures.length > 0) await noteFailures(context, webhook, failures);
}

function isTroubled({ health, paused }: WebhookDoc): boolean {
  return health.failingSince !== null || health.circuit === 'open' || paused?.auto === true;
}

async function noteSuccess(context: HealthContext, webhook: WebhookDoc): Promise<void> {
  const { models, clock, waker, events } = context;
  const { _id, host } = webhook;
  const now = clock();
  const event = webhookRecovered(webhook, `The endpoint ${host} answers again.`, now);
  const wasLeftAlone = { $or: [{ $eq: ['$health.circuit', 'open'] }, { $eq: ['$paused.auto', true] }] };
  const before = await models.webhooks
    .findOneAndUpdate(
      { _id },
      [
        untoldStage(event, wasLeftAlone),
        {
          $set: {
            'health.failingSince': null,
            'health.failures': 0,
            'health.lastSuccessAt': now,
            'health.circuit': 'closed',
            'health.probes': 0,
            'health.probeAt': null,
            'health.probingUntil': null,
            paused: { $cond: [{ $eq: ['$paused.auto', true] }, null, '$paused'] },
          },
        },
      ],
      { returnDocument: 'before', updatePipeline: true },
    )
    .lean();
  if (!before || (before.health.circuit === 'closed' && !before.paused?.auto)) return;
  waker.wake(_id);
  await events.tell([event]);
}

async function noteFailures(
  context: HealthContext,
  { _id }: WebhookDoc,
  failures: NoteHealthInput['answers'],
): Promise<void> {
  const { models, clock } = context;
  const now = clock();
  const webhook = await models.webhooks
    .findOneAndUpdate(
      { _id },
      [
        {
          $set: {
            'health.failures': { $add: ['$health.failures', failures.length] },
            'health.failingSince': { $ifNull: ['$health.failingSince', now] },
            'health.lastFailureAt': now,
            'health.lastStatus': failures.at(-1)?.status ?? null,
            'health.probingUntil': null,
          },
        },
      ],
      { returnDocument: 'after', updatePipeline: true },
    )
    .lean();
  if (!webhook) return;
  // One that refuses for good need not be left alone: each of its answers settles a delivery.
  const isUnwell = failures.some(({ verdict }) => verdict.kind === 'retry');
  if (isUnwell || webhook.paused?.auto) await leaveAlone(context, webhook, now);
  await pauseByItself(context, webhook, now);
}

/** Opens the circuit, or, where it is open, puts the next probe off. */
async function leaveAlone(context: HealthContext, webhook: WebhookDoc, now: Date): Promise<void> {
  const { models, circuit, waker, events } = context;
  const { _id, health } = webhook;
  const probeAt = (probes: number) => new Date(now.getTime() + probeDelayMs(probes, circuit));
  if (health.circuit === 'open' || webhook.paused?.auto) {
    // Attempts that were in flight when it opened are no probes: only one that was due counts.
    if (health.probeAt && health.probeAt > now) return;
    const probes = health.probes + 1;
    await models.webhooks.updateOne(
      { _id, 'health.probes': health.probes },
      { $set: { 'health.probes': probes, 'health.probeAt': probeAt(probes) } },
    );
    return;
  }
  if (!opensCircuit(health, circuit, now)) return;
  const event = webhookFailing(webhook, now);
  const { modifiedCount } = await models.webhooks.updateOne(
    { _id, 'health.circuit': 'closed', 'health.failingSince': health.failingSince },
    {
      $set: { 'health.circuit': 'open', 'health.probes': 0, 'health.probeAt': probeAt(0) },
      ...pushUntold(event),
    },
  );
  if (modifiedCount === 0) return;
  waker.wake(_id);
  await events.tell([event]);
}

async function pauseByItself(context: HealthContext, webhook: WebhookDoc, now: Date): Promise<void> {
  const { models, circuit, waker, events } = context;
  const { _id, health, autoPause, host } = webhook;
  if (webhook.paused || !pausesByItself(health, autoPause, now)) return;
  const reason = `${describeFailing(health, host)} Nothing is lost: its deliveries wait.`;
  const event = webhookPaused(webhook, reason, now);
  const { modifiedCount } = await models.webhooks.updateOne(
    { _id, paused: null, 'health.failingSince': health.failingSince },
    [
      untoldStage(event, { $literal: true }),
      {
        $set: {
          paused: { at: now, reason, auto: true },
          'health.probeAt': {
            $ifNull: ['$health.probeAt', new Date(now.getTime() + probeDelayMs(0, circuit))],
          },
        },
      },
    ],
    { updatePipeline: true },
  );
  if (modifiedCount === 0) return;
  waker.wake(_id);
  await events.tell([event]);
}
