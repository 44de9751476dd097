import type { Delivery, DeliveryState, ListDeliveriesQuery } from '../../contracts/delivery.ts';
import type { Page } from '../../contracts/page.ts';
import { DELIVERY_SUMMARY, toDelivery } from '../../models/delivery.ts';
import { requireTable } from '../access.ts';
import type { RequestContext } from '../context.ts';
import { lowestIdAt } from '../id.ts';
import { decodeCursor, toPage } from '../page.ts';

/** The delivery log, newest first. `since` is inclusive, `until` exclusive, both by creation. */
export async function listDeliveries(
  context: RequestContext,
  query: ListDeliveriesQuery,
): Promise<Page<Delivery>> {
  const { models, actor, clock, workflowLink } = context;
  const { webhookId, tableId, recordId, state, since, until, cursor } = query;
  if (tableId !== undefined) requireTable(actor, tableId);
  const now = clock();
  const tables = tableId === undefined ? actor.tables : [tableId];
  const docs = await models.deliveries
    .find(
      {
        ...(webhookId !== undefined && { webhookId }),
        ...(tables && { tableId: { $in: [...tables] } }),
        ...(recordId !== undefined && { recordId }),
        $and: [
          state === undefined ? {} : inState(state, now),
          cursor === undefined ? {} : { _id: { $lt: decodeCursor(cursor) } },
          since === undefined ? {} : { _id: { $gte: lowestIdAt('dlv', new Date(since)) } },
          until === undefined ? {} : { _id: { $lt: lowestIdAt('dlv', new Date(until)) } },
        ],
      },
      DELIVERY_SUMMARY,
    )
    .sort({ _id: -1 })
    .limit(query.limit + 1)
    .lean();
  return toPage(docs, query, (doc) => toDelivery(doc, now, workflowLink));
}

/** As `toDelivery` shows states: an expired claim reads as `retrying`. */
function inState(state: DeliveryState, now: Date): object {
  if (state === 'delivering') return { state, 'claim.until': { $gt: now } };
  if (state !== 'retrying') return { state };
  return { $or: [{ state }, { state: 'delivering', 'claim.until': { $lte: now } }] };
}
