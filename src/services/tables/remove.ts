import { ConflictError } from '../../errors.ts';
import { requireChangeable } from '../access.ts';
import type { RequestContext } from '../context.ts';
import { cancelDeliveries } from '../deliveries/cancel.ts';
import { runTransaction } from '../transaction.ts';
import { findTable } from './find.ts';

/**
 * Deletes a table with its records, silently, and its webhooks. ConflictError while it has open deliveries, unless
 * `force`, which cancels them. The table goes first, in one transaction with its webhooks; what a crash leaves of the
 * records is out of reach with it.
 */
export async function removeTable(
  context: RequestContext,
  { tableId, force }: { tableId: string; force: boolean },
): Promise<void> {
  const { models } = context;
  const webhookIds = await runTransaction(models, async (session) => {
    requireChangeable(await findTable(context, tableId, session));
    const open = await models.deliveries.exists({ tableId, open: true }).session(session);
    const unplanned = await models.changes
      .exists({ tableId, state: { $in: ['pending', 'started'] } })
      .session(session);
    if ((open || unplanned) && !force) {
      throw new ConflictError('The table has open deliveries. Delete it with force=true to cancel them.');
    }
    const webhooks = await models.webhooks.find({ tableId }, { _id: 1 }, { session }).lean();
    await models.webhooks.deleteMany({ tableId }, { session });
    await models.tables.deleteOne({ _id: tableId }, { session });
    return webhooks.map(({ _id }) => _id);
  });
  for (const webhookId of webhookIds) await cancelDeliveries(context, webhookId);
  await models.records.deleteMany({ tableId });
}
