import { DELIVERY_SUMMARY } from '../../models/delivery.ts';
import type { Models } from '../../models/models.ts';
import type { UntoldEvent, WebhookDoc } from '../../models/webhook.ts';
import type { EventTeller, OperationalEvent, ServiceContext } from '../context.ts';
import { toSettled } from '../deliveries/settled.ts';
import { deliveryFailed, toWebhookEvent } from './events.ts';

type UntoldContext = Pick<ServiceContext, 'models'> & { events: EventTeller };

/** Whoever noticed an event tells it within this time, unless its process died. */
const LEFT_AFTER_MS = 15_000;
/** Webhooks, and deliveries, in one round. */
const LIMIT = 100;

/** The mark, for the write that makes the event true, that it is not told yet. */
export function toUntold({ type, reason, at }: OperationalEvent): UntoldEvent[] {
  return type === 'delivery.failed' ? [] : [{ type, reason, at }];
}

/** The same as part of an update; nothing for no event. */
export function pushUntold(event: OperationalEvent | null) {
  return event === null ? {} : { $push: { untold: { $each: toUntold(event) } } };
}

/** The same as a stage of an update pipeline: marks the event where `when` holds of the document as it is before that stage. */
export function untoldStage(event: OperationalEvent, when: object) {
  const untold = { $ifNull: ['$untold', []] };
  return {
    $set: { untold: { $cond: [when, { $concatArrays: [untold, { $literal: toUntold(event) }] }, untold] } },
  };
}

/** Takes the marks of events away that are told. */
export async function forgetTold(models: Models, told: readonly OperationalEvent[]): Promise<void> {
  const failed = told.flatMap(({ deliveryId, at }) => (deliveryId === null ? [] : [{ _id: deliveryId, at }]));
  await forgetDeliveries(models, failed);
  const others = told.filter(({ deliveryId }) => deliveryId === null);
  if (others.length === 0) return;
  await models.webhooks.bulkWrite(
    others.map((event) => ({
      updateOne: {
        filter: { _id: event.webhookId },
        update: { $pull: { untold: { type: event.type, at: event.at } } },
      },
    })),
  );
}

/** Tells what happened to a webhook and is not told yet. */
export async function tellUntold({ models, events }: UntoldContext, webhookId: string): Promise<void> {
  const webhook = await models.webhooks.findOne({ _id: webhookId }).lean();
  if (webhook) await events.tell(toEvents(webhook));
}

/**
 * Tells the events of which the process died that noticed them, at most some hundred. Idempotent by their keys. Answers how
 * many there were.
 */
export async function tellLeftUntold(
  context: UntoldContext & Pick<ServiceContext, 'clock'>,
): Promise<number> {
  const { models, clock, events } = context;
  const left = { $lte: new Date(clock().getTime() - LEFT_AFTER_MS) };
  const webhooks = await models.webhooks.find({ 'untold.at': left }).limit(LIMIT).lean();
  const settled = await models.deliveries
    .find({ untold: true, settledAt: left }, DELIVERY_SUMMARY)
    .sort({ settledAt: 1 })
    .limit(LIMIT)
    .lean();
  const found = [
    ...webhooks.flatMap((webhook) => toEvents(webhook)),
    ...settled.flatMap((delivery) =>
      delivery.state === 'failed'
        ? [deliveryFailed(delivery, toSettled(delivery), delivery.settledAt ?? clock())]
        : [],
    ),
  ];
  await events.tell(found);
  await forgetDeliveries(
    models,
    settled.map(({ _id, settledAt }) => ({ _id, at: settledAt })),
  );
  return found.length;
}

/**
 * Of those that did not fail after all, since a 2xx came late or they were sent again, there is nothing to tell. One that
 * failed again after `at` keeps its mark.
 */
async function forgetDeliveries(
  { deliveries }: Models,
  settled: readonly { _id: string; at: Date | null }[],
): Promise<void> {
  if (settled.length === 0) return;
  await deliveries.bulkWrite(
    settled.map(({ _id, at }) => ({
      updateOne: {
        filter: { _id, untold: true, settledAt: { $lte: at } },
        update: { $unset: { untold: true } },
      },
    })),
    { ordered: false },
  );
}

/** How many events are still not told so long after they happened; at most some thousand are counted. */
export async function countLeftUntold(
  { models, clock }: Pick<ServiceContext, 'models' | 'clock'>,
  afterMs: number,
): Promise<number> {
  const left = { $lte: new Date(clock().getTime() - afterMs) };
  const limit = 1_000;
  const [webhooks, deliveries] = await Promise.all([
    models.webhooks.countDocuments({ 'untold.at': left }, { limit }),
    models.deliveries.countDocuments({ untold: true, settledAt: left }, { limit }),
  ]);
  return webhooks + deliveries;
}

function toEvents(webhook: WebhookDoc): OperationalEvent[] {
  return (webhook.untold ?? []).map(({ type, ...told }) => toWebhookEvent(type, webhook, told));
}
