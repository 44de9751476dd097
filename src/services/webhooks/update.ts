import type { DeliveryPolicy, RetryPolicy, UpdateWebhookInput, Webhook } from '../../contracts/webhook.ts';
import type { WebhookDoc } from '../../models/webhook.ts';
import { toWebhook } from '../../models/webhook.ts';
import type { RequestContext } from '../context.ts';
import { runTransaction } from '../transaction.ts';
import { checkEndpointHeaders, parseEndpointUrl } from './endpoint.ts';
import { findWebhook } from './find.ts';
import { nextRevision, switchSpans } from './revision.ts';
import { toEnabledEdits } from './resume.ts';
import { openUrl, sealHeaders, sealUrl } from './secrets.ts';

/**
 * Edits a webhook. Deliveries in flight go by the edit from their next attempt on; enabling lets held ones go, and clears
 * the status `gone`.
 */
export async function updateWebhook(
  context: RequestContext,
  { webhookId, ...input }: UpdateWebhookInput & { webhookId: string },
): Promise<Webhook> {
  const { models, endpointRules, waker } = context;
  const url = input.url === undefined ? null : parseEndpointUrl(endpointRules, input.url);
  if (input.headers) checkEndpointHeaders(endpointRules, input.headers);
  const waiting =
    input.enabled === true ? await models.deliveries.countDocuments({ webhookId, state: 'waiting' }) : 0;
  const { webhook, isOrderedNow } = await runTransaction(models, async (session) => {
    const doc = await findWebhook(context, webhookId, session);
    const edits = toEdits(context, doc, { input, url });
    const enabled = input.enabled ?? doc.enabled;
    const orderedDelta = isOrdered(edits.delivery ?? doc.delivery) - isOrdered(doc.delivery);
    if (enabled !== doc.enabled || orderedDelta !== 0) {
      const enabledDelta = Number(enabled) - Number(doc.enabled);
      const delta = { tableId: doc.tableId, enabledDelta, orderedDelta };
      const revision = await nextRevision(models, session, delta);
      if (enabledDelta !== 0)
        Object.assign(edits, switchEnabled(context, doc, { enabled, revision, waiting }));
    }
    await models.webhooks.updateOne({ _id: webhookId }, { $set: edits }, { session });
    return { webhook: { ...doc, ...edits }, isOrderedNow: orderedDelta > 0 };
  });
  if (isOrderedNow) await keepOrder(context, webhook);
  if (await models.deliveries.exists({ webhookId, state: 'waiting' })) waker.wake(webhookId);
  return toWebhook(webhook, openUrl(context.secretBox, webhook));
}

/** What is already owed to a webhook that now keeps order goes by it too. */
async function keepOrder({ models }: RequestContext, { _id, tableId }: WebhookDoc): Promise<void> {
  // Changes first: this waits for plans under way, so that their deliveries are there by then.
  await models.changes.updateMany(
    { tableId, state: { $in: ['pending', 'started'] }, ordered: false },
    { $set: { ordered: true } },
    { hint: { claimedUntil: 1, _id: 1 } },
  );
  await models.deliveries.updateMany(
    { webhookId: _id, open: true, ordered: false },
    { $set: { ordered: true } },
  );
}

function isOrdered({ order }: DeliveryPolicy): number {
  return order === 'record' ? 1 : 0;
}

interface SwitchEnabledInput {
  enabled: boolean;
  revision: number;
  waiting: number;
}

function switchEnabled(
  context: RequestContext,
  doc: WebhookDoc,
  { enabled, revision, waiting }: SwitchEnabledInput,
): Partial<WebhookDoc> {
  const edits = { enabled, enabledSpans: switchSpans(doc.enabledSpans, enabled, revision) };
  if (!enabled) return { ...edits, resuming: null };
  const probeAt = doc.health.circuit === 'open' ? context.clock() : doc.health.probeAt;
  // Failing begins anew.
  const health = { ...doc.health, failingSince: null, failures: 0, probeAt };
  return { ...edits, status: 'active', statusReason: null, health, ...toEnabledEdits(context, waiting) };
}

function toEdits(
  { secretBox, clock }: RequestContext,
  doc: WebhookDoc,
  { input, url }: { input: UpdateWebhookInput; url: URL | null },
): Partial<WebhookDoc> {
  const { name, description, method, events, headers, retry, delivery, autoPause } = input;
  // Another endpoint, or another way to call it, deserves a try now.
  const isElsewhere = url !== null || method !== undefined || headers !== undefined;
  const isProbed = doc.health.probeAt !== null && isElsewhere;
  return {
    ...(name !== undefined && { name }),
    ...(description !== undefined && { description }),
    ...(method !== undefined && { method }),
    ...(events !== undefined && { events: [...new Set(events)] }),
    ...(headers !== undefined && { headers: sealHeaders(secretBox, doc._id, headers) }),
    ...(retry !== undefined && { retry: merge<RetryPolicy>(doc.retry, retry) }),
    ...(delivery !== undefined && { delivery: merge<DeliveryPolicy>(doc.delivery, delivery) }),
    ...(autoPause !== undefined && { autoPause }),
    ...(isProbed && { health: { ...doc.health, probeAt: clock() } }),
    ...(url !== null && { url: sealUrl(secretBox, doc._id, url.href), origin: url.origin, host: url.host }),
    updatedAt: clock(),
  };
}

/** Null takes an optional field away. */
function merge<Policy extends object>(stored: Policy, edits: object): Policy {
  const merged = Object.entries({ ...stored, ...edits }).filter(
    ([, value]) => value !== null && value !== undefined,
  );
  // Fields of a complete policy replaced by fields of the same schema, optional ones taken away: still a policy.
  return Object.fromEntries(merged) as unknown as Policy;
}
