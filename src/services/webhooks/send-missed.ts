import type { ClientSession } from 'mongoose';
import type { ReplayDoc } from '../../models/replay.ts';
import type { WebhookDoc } from '../../models/webhook.ts';
import { holdBackMs } from '../changes/hold-back.ts';
import type { OperationalEvent, RequestContext } from '../context.ts';
import { webhookRecovered } from '../events/events.ts';
import { lowestIdAt } from '../id.ts';
import { newReplay } from '../replays/create.ts';
import { openSelection } from '../replays/open-selection.ts';

export interface StoreMissedInput {
  /** As it is from now on: it listens again, unless it is disabled. */
  webhook: WebhookDoc;
  /** From when on it missed something; null when it was disabled all along. */
  since: Date | null;
}

/**
 * Stores, in the transaction with which a webhook needs attention no longer, the backfill of what it asks for of what was
 * written meanwhile, silent writes left out. One that is disabled is owed nothing. From the commit on the backfill is made,
 * whoever dies: `tellMissed` only has it begin at once.
 */
export async function storeMissed(
  context: RequestContext,
  session: ClientSession,
  { webhook, since }: StoreMissedInput,
): Promise<ReplayDoc | null> {
  const { models, clock } = context;
  const span = webhook.enabledSpans.at(-1);
  if (!webhook.enabled || since === null || !span) return null;
  // Writes under way do not know of the webhook and commit later, with ids of then.
  const until = lowestIdAt('chg', new Date(clock().getTime() + holdBackMs(models)));
  const doc: ReplayDoc = {
    ...newReplay(context, { webhook, until }),
    backfill: { changesSince: since.toISOString(), silent: false },
    beforeRevision: span.from,
    selected: 0,
  };
  await models.replays.insertMany([doc], { session, lean: true });
  return doc;
}

/** The event that a webhook needs attention no longer. */
export function fitsAgain(webhook: WebhookDoc, now: Date): OperationalEvent {
  return webhookRecovered(webhook, 'What it asks for is there again.', now);
}

/** After the commit: counts and begins the backfill, and tells that the webhook needs attention no longer. */
export async function tellMissed(
  context: RequestContext,
  { webhook, event, replay }: { webhook: WebhookDoc; event: OperationalEvent; replay: ReplayDoc | null },
): Promise<void> {
  const { models, waker, events } = context;
  await events.tell([event]);
  if (!replay) return;
  const selected = await openSelection(context, { replay, webhook }).count();
  await models.replays.updateOne({ _id: replay._id }, { $set: { selected } });
  waker.startReplay(replay._id);
}
