import type { ClientSession } from 'mongoose';
import type { EnabledSpan } from '../../domain/match-webhook.ts';
import { NotFoundError } from '../../errors.ts';
import type { Models } from '../../models/models.ts';

/** Enough to tell apart every switch that changes still unplanned may fall between. */
const MAX_SPANS = 50;

/**
 * Moves a table to its next webhook revision, inside the transaction that changes which of its webhooks are enabled or
 * keep order; the deltas are by how many. Answers the new revision: changes written from now on carry it.
 */
export async function nextRevision(
  models: Models,
  session: ClientSession,
  { tableId, enabledDelta, orderedDelta }: { tableId: string; enabledDelta: number; orderedDelta: number },
): Promise<number> {
  const table = await models.tables
    .findOneAndUpdate(
      { _id: tableId },
      { $inc: { webhookRevision: 1, webhookCount: enabledDelta, orderedCount: orderedDelta } },
      { session, returnDocument: 'after', projection: { webhookRevision: 1 } },
    )
    .lean();
  if (!table) throw new NotFoundError('table', tableId);
  return table.webhookRevision;
}

/** The spans of a webhook after it was enabled or disabled at `revision`. */
export function switchSpans(
  spans: readonly EnabledSpan[],
  enabled: boolean,
  revision: number,
): EnabledSpan[] {
  if (enabled) return [...spans, { from: revision, until: null }].slice(-MAX_SPANS);
  return spans.map((span) => (span.until === null ? { from: span.from, until: revision } : span));
}
