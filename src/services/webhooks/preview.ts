import type {
  PreviewedChange,
  PreviewWebhookInput,
  WebhookPreview,
} from '../../contracts/webhook-preview.ts';
import type { FiringRule } from '../../domain/match-webhook.ts';
import { explainMismatch } from '../../domain/match-webhook.ts';
import type { ChangeDoc } from '../../models/change.ts';
import { CHANGE_SUMMARY } from '../../models/change.ts';
import { each } from '../../models/each.ts';
import { toFiringRule } from '../../models/firing-rule.ts';
import type { WebhookDoc } from '../../models/webhook.ts';
import type { RequestContext } from '../context.ts';
import { findTable } from '../tables/find.ts';
import { resolveFieldUse } from './field-use.ts';
import { findWebhook } from './find.ts';

/** Changes in memory at a time: they may be large. */
const BATCH = 20;

/**
 * Which of the table's most recent changes would have fired a webhook, had it listened all along, and why the others would
 * not. What it asks for may be given, to try it before it is stored. Sends nothing, changes nothing.
 */
export async function previewWebhook(
  context: RequestContext,
  { webhookId, limit, ...asked }: PreviewWebhookInput & { webhookId: string },
): Promise<WebhookPreview> {
  const webhook = await findWebhook(context, webhookId);
  const { fields } = await findTable(context, webhook.tableId);
  const { watchFields, condition, events, ignoreSources } = asked;
  const tried: WebhookDoc = {
    ...webhook,
    ...(events && { events }),
    ...(ignoreSources && { ignoreSources }),
    ...resolveFieldUse(fields, { watchFields, condition }),
  };
  // What is given was just found to fit the table; what is stored may not.
  const isStored = watchFields === undefined && condition === undefined;
  const misfit = isStored && webhook.attention ? [webhook.attention.reason] : [];
  const rule = toFiringRule(tried);
  const recent = context.models.changes
    .find({ tableId: webhook.tableId }, rule.condition ? null : CHANGE_SUMMARY)
    .sort({ _id: -1 })
    .limit(limit)
    .batchSize(BATCH)
    .lean();
  const data: PreviewedChange[] = [];
  for await (const change of each(recent)) data.push(preview(rule, change, misfit));
  return { data };
}

function preview(rule: FiringRule, change: ChangeDoc, misfit: readonly string[]): PreviewedChange {
  const silent = change.silent ? ['It was written silently (fire=false).'] : [];
  const expunged = change.expungedAt ? ['Its values were expunged.'] : [];
  const mismatch = change.expungedAt ? [] : explainMismatch(rule, change);
  const reasons = [...misfit, ...silent, ...expunged, ...mismatch];
  return {
    changeId: change._id,
    eventType: change.type,
    recordId: change.recordId,
    recordVersion: change.recordVersion,
    timestamp: change.at.toISOString(),
    wouldFire: reasons.length === 0,
    reasons,
  };
}
