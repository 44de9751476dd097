import { asCreated } from '../../domain/as-created.ts';
import type { MatchedChange } from '../../domain/match-webhook.ts';
import { asksFor } from '../../domain/match-webhook.ts';
import { toRenderable } from '../../models/change.ts';
import { toFiringRule } from '../../models/firing-rule.ts';
import type { WebhookDoc } from '../../models/webhook.ts';
import type { SelectionContext } from './selection.ts';

/** Changes read together, values and all. */
const CHUNK = 50;

export interface FindAskedForInput {
  webhook: WebhookDoc;
  changeIds: readonly string[];
  /** Asks for the record as if it had just come to be: of its condition alone. */
  created: boolean;
}

/** Which of these changes a webhook asks for. Reads them only where what it asks for is more than their type. */
export async function findAskedFor(
  { models }: SelectionContext,
  { webhook, changeIds, created }: FindAskedForInput,
): Promise<ReadonlySet<string>> {
  const rule = toFiringRule(webhook);
  const asks =
    rule.condition !== null || (!created && rule.watchFields.length + rule.ignoreSources.length > 0);
  if (!asks) return new Set(changeIds);
  const told = { ...rule, events: ['record.*'], ignoreSources: created ? [] : rule.ignoreSources };
  const found = new Set<string>();
  for (let index = 0; index < changeIds.length; index += CHUNK) {
    const docs = await models.changes.find({ _id: { $in: changeIds.slice(index, index + CHUNK) } }).lean();
    for (const doc of docs) {
      const change: MatchedChange = created ? { ...doc, ...asCreated(toRenderable(doc)) } : doc;
      if (asksFor(told, change)) found.add(doc._id);
    }
  }
  return found;
}
