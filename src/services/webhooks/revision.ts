import type { ClientSession } from 'mongoose';
import type { EnabledSpan } from '../../domain/match-webhook.ts';
import { NotFoundError } from '../../errors.ts';
import type { Models } from '../../models/models.ts';

/** Enough to tell apart every switch that changes still unplanned may fall between. */
const MAX_SPANS = 50;

/**
 * Moves a table to its next webhook revision, inside the transaction that changes which of its webhooks listen or keep
 * order; the deltas are by how many. Answers the new revision: changes written from now on carry it.
 */
export async function nextRevision(
  models: Models,
  session: ClientSession,
  {
    tableId,
    listeningDelta,
    orderedDelta,
  }: { tableId: string; listeningDelta: number; orderedDelta: number },
): Promise<number> {
  const table = await models.tables
    .findOneAndUpdate(
      { _id: tableId },
      { $inc: { webhookRevision: 1, webhookCount: listeningDelta, orderedCount: orderedDelta } },
      { session, returnDocument: 'after', projection: { webhookRevision: 1 } },
    )
    .lean();
  if (!table) throw new NotFoundError('table', tableId);
  return table.webhookRevision;
}

/** The spans of a webhook after it began or ceased to listen at `revision`. */
export function switchSpans(
  spans: readonly EnabledSpan[],
  listens: boolean,
  revision: number,
): EnabledSpan[] {
  if (listens) return [...spans, { from: revision, until: null }].slice(-MAX_SPANS);
  return spans.map((span) => (span.until === null ? { from: span.from, until: revision } : span));
}
