import type { EventType } from '../contracts/change.ts';

/** Table revisions during which a webhook was enabled: from (inclusive) until (exclusive, null: still). */
export interface EnabledSpan {
  from: number;
  until: number | null;
}

/**
 * Whether a change is owed to a webhook. A webhook hears what was written while it was enabled: the table's
 * `webhookRevision` grows with every registration, enabling and disabling, and each change carries the one it was written under.
 */
export function matchWebhook(
  webhook: { events: readonly string[]; enabledSpans: readonly EnabledSpan[] },
  change: { type: EventType; webhookRevision: number },
): boolean {
  const { type, webhookRevision } = change;
  const heard = webhook.enabledSpans.some(
    ({ from, until }) => from <= webhookRevision && (until === null || webhookRevision < until),
  );
  return heard && (webhook.events.includes(type) || webhook.events.includes('record.*'));
}
