import { asksFor, wasListening } from '../../domain/match-webhook.ts';
import { weighChange } from '../../domain/weigh-change.ts';
import type { ChangeDoc } from '../../models/change.ts';
import { toFiringRule } from '../../models/firing-rule.ts';
import type { WebhookDoc } from '../../models/webhook.ts';

/** Bytes of deliveries that one transaction stores, about: one of 200 MB does not end in its time. */
const MAX_BYTES = 16 * 1024 * 1024;
/** Of a delivery, besides values: a body has them as `previous` and `record`, and what differs once more. */
const BYTES_OF_DELIVERY = 1_000;

/** A change, and webhooks it is owed to. */
export interface OwedChange {
  change: ChangeDoc;
  webhooks: WebhookDoc[];
  /** Ordered webhooks that are not owed it. */
  passedOver: string[];
}

export interface NextStep {
  owed: OwedChange[];
  /** There is one change, and these are not all webhooks it is owed to. */
  isPart: boolean;
  /** The last webhook of a part that more will follow; null when the changes are planned with this step. */
  upTo: string | null;
}

/**
 * As many of the changes, from the first on, as one transaction can plan. One that is owed more than goes into one is
 * planned in parts, by webhook id; so is one that somebody began to plan so. `webhooks` are those of the tables, by id.
 */
export function takeStep(changes: readonly ChangeDoc[], webhooks: readonly WebhookDoc[]): NextStep {
  const owed: OwedChange[] = [];
  let bytes = 0;
  for (const change of changes) {
    const next = toOwed(change, webhooks);
    const each = 2 * weighChange(change) + BYTES_OF_DELIVERY;
    bytes += each * next.webhooks.length;
    const isPart = typeof change.plannedUpTo === 'string' || each * next.webhooks.length > MAX_BYTES;
    if (isPart && owed.length === 0) return takePart(next, Math.max(1, Math.floor(MAX_BYTES / each)));
    if (isPart || (bytes > MAX_BYTES && owed.length > 0)) break;
    owed.push(next);
  }
  return { owed, isPart: false, upTo: null };
}

function takePart({ change, webhooks, passedOver }: OwedChange, count: number): NextStep {
  const left = webhooks.filter(({ _id }) => _id > (change.plannedUpTo ?? ''));
  const taken = left.slice(0, count);
  const isLast = taken.length === left.length;
  return {
    owed: [{ change, webhooks: taken, passedOver: isLast ? passedOver : [] }],
    isPart: true,
    upTo: isLast ? null : (taken.at(-1)?._id ?? null),
  };
}

function toOwed(change: ChangeDoc, webhooks: readonly WebhookDoc[]): OwedChange {
  const ofTable = webhooks.filter(({ tableId }) => tableId === change.tableId);
  const owed = ofTable.filter(
    (webhook) =>
      wasListening(webhook.enabledSpans, change.webhookRevision) && asksFor(toFiringRule(webhook), change),
  );
  const passedOver = ofTable.filter(
    (webhook) => webhook.delivery.order === 'record' && !owed.includes(webhook),
  );
  return { change, webhooks: owed, passedOver: passedOver.map(({ _id }) => _id) };
}
