import type { Delivery, ListDeliveriesQuery } from '../../contracts/delivery.ts';
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
  const tables = tableId === undefined ? actor.tables : [tableId];
  const docs = await models.deliveries
    .find(
      {
        ...(webhookId !== undefined && { webhookId }),
        ...(tables && { tableId: { $in: [...tables] } }),
        ...(recordId !== undefined && { recordId }),
        ...(state !== undefined && { state }),
        $and: [
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
  const now = clock();
  return toPage(docs, query, (doc) => toDelivery(doc, now, workflowLink));
}
