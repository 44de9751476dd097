import type { ClientSession } from 'mongoose';
import type { Models } from '../../models/models.ts';
import type { WebhookDoc } from '../../models/webhook.ts';
import { isListening } from '../../models/webhook.ts';
import { nextRevision, switchSpans } from './revision.ts';

/** Whether a webhook keeps the order of a record's changes. */
export function isOrdered({ delivery }: Pick<WebhookDoc, 'delivery'>): boolean {
  return delivery.order === 'record';
}

/**
 * Moves the table to its next revision where an edit changes whether a webhook listens or keeps order, and answers the
 * edits that go with it. Inside the transaction of the edit.
 */
export async function switchListening(
  models: Models,
  session: ClientSession,
  { before, next }: { before: WebhookDoc; next: WebhookDoc },
): Promise<Pick<WebhookDoc, 'enabledSpans'> | null> {
  const listeningDelta = Number(isListening(next)) - Number(isListening(before));
  const orderedDelta = Number(isOrdered(next)) - Number(isOrdered(before));
  if (listeningDelta === 0 && orderedDelta === 0) return null;
  const delta = { tableId: before.tableId, listeningDelta, orderedDelta };
  const revision = await nextRevision(models, session, delta);
  if (listeningDelta === 0) return null;
  return { enabledSpans: switchSpans(before.enabledSpans, listeningDelta > 0, revision) };
}
