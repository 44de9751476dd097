import { asCreated } from '../../domain/as-created.ts';
import { asksFor } from '../../domain/match-webhook.ts';
import type { ChangeDoc } from '../../models/change.ts';
import { toRenderable } from '../../models/change.ts';
import { toFiringRule } from '../../models/firing-rule.ts';
import type { WebhookDoc } from '../../models/webhook.ts';

export interface AskedForInput {
  webhook: WebhookDoc;
  /** Asks for the record as if it had just come to be: of its condition alone. */
  created: boolean;
}

/** Whether a webhook asks for a change of a type that it asks for; null when it does without a look at the change. */
export function openAskedFor({ webhook, created }: AskedForInput): ((change: ChangeDoc) => boolean) | null {
  const rule = toFiringRule(webhook);
  const looks =
    rule.condition !== null || (!created && rule.watchFields.length + rule.ignoreSources.length > 0);
  if (!looks) return null;
  const told = { ...rule, events: ['record.*'], ignoreSources: created ? [] : rule.ignoreSources };
  return (change) => asksFor(told, created ? { ...change, ...asCreated(toRenderable(change)) } : change);
}
