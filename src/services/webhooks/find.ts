import type { ClientSession } from 'mongoose';
import { NotFoundError } from '../../errors.ts';
import type { WebhookDoc } from '../../models/webhook.ts';
import { requireTable } from '../access.ts';
import type { RequestContext } from '../context.ts';

/** The webhook, or NotFoundError, or ForbiddenError when its table is out of the key's reach. */
export async function findWebhook(
  { models, actor }: RequestContext,
  webhookId: string,
  session: ClientSession | null = null,
): Promise<WebhookDoc> {
  const doc = await models.webhooks.findOne({ _id: webhookId }, null, { session }).lean();
  if (!doc) throw new NotFoundError('webhook', webhookId);
  requireTable(actor, doc.tableId);
  return doc;
}
