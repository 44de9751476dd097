import type { SettledResult } from '../../contracts/workflow.ts';
import type { DeliveryDoc } from '../../models/delivery.ts';
import { describeFailing, type WebhookDoc } from '../../models/webhook.ts';
import type { OperationalEvent } from '../context.ts';

type EventWebhook = Pick<WebhookDoc, '_id' | 'tableId' | 'name'>;

/** The circuit of a webhook's endpoint opened at `now`: the instant stored with it, so that telling again is no second event. */
export function webhookFailing(
  webhook: EventWebhook & Pick<WebhookDoc, 'health' | 'host'>,
  now: Date,
): OperationalEvent {
  return toWebhookEvent('webhook.failing', webhook, {
    reason: describeFailing(webhook.health, webhook.host),
    at: now,
  });
}

/** A webhook was paused at `at`, by a person or by itself. */
export function webhookPaused(webhook: EventWebhook, reason: string | null, at: Date): OperationalEvent {
  return toWebhookEvent('webhook.paused', webhook, { reason: reason ?? 'No reason was given.', at });
}

/** A webhook's endpoint takes deliveries again since `at`, after it was failing or paused. */
export function webhookRecovered(webhook: EventWebhook, reason: string, at: Date): OperationalEvent {
  return toWebhookEvent('webhook.recovered', webhook, { reason, at });
}

/** Nothing more happens to a webhook until somebody edits it, such as after its endpoint answered 410. */
export function webhookNeedsAttention(webhook: EventWebhook, reason: string, at: Date): OperationalEvent {
  return toWebhookEvent('webhook.needs-attention', webhook, { reason, at });
}

/** A delivery failed for good. Sent again and failed again it is another event: it was owed anew since. */
export function deliveryFailed(
  delivery: Pick<DeliveryDoc, '_id' | 'tableId' | 'webhookId' | 'webhookName' | 'hops' | 'owedSince'>,
  { attemptCount, summary }: Pick<SettledResult, 'attemptCount' | 'summary'>,
  at: Date,
): OperationalEvent {
  const { _id, tableId, webhookId, webhookName, hops, owedSince } = delivery;
  return {
    type: 'delivery.failed',
    tableId,
    webhookId,
    webhookName,
    deliveryId: _id,
    reason: summary,
    at,
    hops,
    eventKey: `delivery.failed:${_id}:${attemptCount}:${owedSince.getTime()}`,
  };
}

/** An event of a webhook's own, at the instant that is stored with it. */
export function toWebhookEvent(
  type: Exclude<OperationalEvent['type'], 'delivery.failed'>,
  { _id, tableId, name }: EventWebhook,
  { reason, at }: { reason: string; at: Date },
): OperationalEvent {
  return {
    type,
    tableId,
    webhookId: _id,
    webhookName: name,
    deliveryId: null,
    reason,
    at,
    hops: 0,
    eventKey: `${type}:${_id}:${at.getTime()}`,
  };
}
