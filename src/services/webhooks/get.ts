import type { Webhook } from '../../contracts/webhook.ts';
import type { WebhookDoc } from '../../models/webhook.ts';
import { toWebhook } from '../../models/webhook.ts';
import { hasScope } from '../access.ts';
import type { RequestContext } from '../context.ts';
import { findWebhook } from './find.ts';
import { openUrl } from './secrets.ts';

/** One webhook. */
export async function getWebhook(
  context: RequestContext,
  { webhookId }: { webhookId: string },
): Promise<Webhook> {
  return showWebhook(context, await findWebhook(context, webhookId));
}

/** The webhook as this key may see it: the whole URL only with `webhooks:write`. */
export function showWebhook({ actor, secretBox }: RequestContext, doc: WebhookDoc): Webhook {
  return toWebhook(doc, hasScope(actor, 'webhooks:write') ? openUrl(secretBox, doc) : null);
}
