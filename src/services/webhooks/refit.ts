import type { ClientSession } from 'mongoose';
import type { Field } from '../../contracts/table.ts';
import type { ReplayDoc } from '../../models/replay.ts';
import type { TableDoc } from '../../models/table.ts';
import type { WebhookDoc } from '../../models/webhook.ts';
import type { OperationalEvent, RequestContext } from '../context.ts';
import { webhookNeedsAttention } from '../events/events.ts';
import { pushUntold } from '../events/untold.ts';
import { describeMisfit } from './field-use.ts';
import { switchListening } from './listening.ts';
import { fitsAgain, storeMissed, tellMissed } from './send-missed.ts';

/** A webhook whose fit to its table changed, what is told of that, and the backfill of what it missed. */
export interface Refit {
  webhook: WebhookDoc;
  event: OperationalEvent;
  missed: ReplayDoc | null;
}

/**
 * Asks every webhook of a table whether it fits the table's new fields, inside the transaction that changes them. One that
 * does not, needs attention and listens no more; one that does again, listens, and what it missed is to be sent.
 */
export async function refitWebhooks(
  context: RequestContext,
  session: ClientSession,
  { before, table }: { before: readonly Field[]; table: TableDoc },
): Promise<Refit[]> {
  const { models, clock } = context;
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
    const event = attention
      ? webhookNeedsAttention(webhook, attention.reason, attention.at)
      : fitsAgain(webhook, clock());
    await models.webhooks.updateOne({ _id: webhook._id }, { $set: edits, ...pushUntold(event) }, { session });
    const edited = { ...webhook, ...edits };
    const since = webhook.attention?.at ?? null;
    const missed = await storeMissed(context, session, { webhook: edited, since });
    refit.push({ webhook: edited, event, missed });
  }
  return refit;
}

/** What follows after the commit: the events of webhooks that need attention, and of those that need it no longer. */
export async function tellRefit(context: RequestContext, refit: readonly Refit[]): Promise<void> {
  for (const { webhook, event, missed } of refit) {
    if (webhook.attention) await context.events.tell([event]);
    else await tellMissed(context, { webhook, event, replay: missed });
  }
}
