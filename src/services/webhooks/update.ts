import type { RetryPolicy, UpdateWebhookInput, Webhook } from '../../contracts/webhook.ts';
import type { WebhookDoc } from '../../models/webhook.ts';
import { toWebhook } from '../../models/webhook.ts';
import type { RequestContext } from '../context.ts';
import { runTransaction } from '../transaction.ts';
import { checkEndpointHeaders, parseEndpointUrl } from './endpoint.ts';
import { findWebhook } from './find.ts';
import { nextRevision, switchSpans } from './revision.ts';
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
  const { webhook, enabledNow } = await runTransaction(models, async (session) => {
    const doc = await findWebhook(context, webhookId, session);
    const edits = toEdits(context, doc, { input, url });
    const switched = input.enabled !== undefined && input.enabled !== doc.enabled ? input.enabled : null;
    if (switched !== null) {
      const delta = { tableId: doc.tableId, enabledDelta: switched ? 1 : -1 };
      const revision = await nextRevision(models, session, delta);
      edits.enabled = switched;
      edits.enabledSpans = switchSpans(doc.enabledSpans, switched, revision);
      if (switched) Object.assign(edits, { status: 'active', statusReason: null });
    }
    await models.webhooks.updateOne({ _id: webhookId }, { $set: edits }, { session });
    return { webhook: { ...doc, ...edits }, enabledNow: switched === true };
  });
  if (enabledNow) waker.wake(webhookId);
  return toWebhook(webhook, openUrl(context.secretBox, webhook));
}

function toEdits(
  { secretBox, clock }: RequestContext,
  doc: WebhookDoc,
  { input, url }: { input: UpdateWebhookInput; url: URL | null },
): Partial<WebhookDoc> {
  const { name, description, method, events, headers, retry } = input;
  return {
    ...(name !== undefined && { name }),
    ...(description !== undefined && { description }),
    ...(method !== undefined && { method }),
    ...(events !== undefined && { events: [...new Set(events)] }),
    ...(headers !== undefined && { headers: sealHeaders(secretBox, doc._id, headers) }),
    ...(retry !== undefined && { retry: mergeRetry(doc.retry, retry) }),
    ...(url !== null && { url: sealUrl(secretBox, doc._id, url.href), origin: url.origin, host: url.host }),
    updatedAt: clock(),
  };
}

function mergeRetry(stored: RetryPolicy, edits: NonNullable<UpdateWebhookInput['retry']>): RetryPolicy {
  const merged = Object.entries({ ...stored, ...edits }).filter(
    ([, value]) => value !== null && value !== undefined,
  );
  // Fields of a complete policy replaced by fields of the same schema, optional ones taken away: still a policy.
  return Object.fromEntries(merged) as unknown as RetryPolicy;
}
