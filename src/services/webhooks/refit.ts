import type { ClientSession } from 'mongoose';
import type { Field } from '../../contracts/table.ts';
import type { TableDoc } from '../../models/table.ts';
import type { Attention, WebhookDoc } from '../../models/webhook.ts';
import type { RequestContext } from '../context.ts';
import { webhookNeedsAttention } from '../events/events.ts';
import { describeMisfit } from './field-use.ts';
import { switchListening } from './listening.ts';
import { sendMissed } from './send-missed.ts';

/** A webhook whose fit to its table changed, and the attention it needed before. */
export interface Refit {
  webhook: WebhookDoc;
  before: Attention | null;
}

/**
 * Asks every webhook of a table whether it fits the table's new fields, inside the transaction that changes them. One that
 * does not, needs attention and listens no more; one that does again, listens.
 */
export async function refitWebhooks(
  { models, clock }: RequestContext,
  session: ClientSession,
  { before, table }: { before: readonly Field[]; table: TableDoc },
): Promise<Refit[]> {
  const webhooks = await models.webhooks
    .find(
      { tableId: table._id, $or: [{ 'watchFields.0': { $exists: true } }, { condition: { $ne: null } }] },
      null,
      { session },
    )
    .lean();
  const refit: Refit[] = [];
  for (const webhook of webhooks) {
    const reason = describeMisfit({ webhook, fields: table.fields, before });
    if ((reason === null) === (webhook.attention === null)) continue;
    const attention = reason === null ? null : { at: clock(), reason };
    const next = { ...webhook, attention };
    const spans = await switchListening(models, session, { before: webhook, next });
    const edits = { attention, updatedAt: clock(), ...spans };
    await models.webhooks.updateOne({ _id: webhook._id }, { $set: edits }, { session });
    refit.push({ webhook: { ...webhook, ...edits }, before: webhook.attention });
  }
  return refit;
}

/** What follows after the commit: the events of webhooks that need attention, and what the others missed. */
export async function tellRefit(context: RequestContext, refit: readonly Refit[]): Promise<void> {
  for (const { webhook, before } of refit) {
    const { attention } = webhook;
    if (attention)
      await context.events.tell([webhookNeedsAttention(webhook, attention.reason, attention.at)]);
    else if (before) await sendMissed(context, { webhook, since: before.at });
  }
}
