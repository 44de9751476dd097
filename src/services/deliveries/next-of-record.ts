import type { DeliveryDoc } from '../../models/delivery.ts';
import type { ServiceContext } from '../context.ts';
import type { Workflows } from '../workflows.ts';
import { lookAfter } from './look-after.ts';

type Versioned = Pick<DeliveryDoc, 'webhookId' | 'tableId' | 'recordId' | 'recordVersion'>;
type NextContext = Pick<ServiceContext, 'models'> & { workflows: Workflows };

/** The deliveries of one record to one webhook. */
interface RecordOfWebhook {
  webhookId: string;
  recordId: string;
}

/**
 * Which of an ordered webhook's open deliveries are next: no earlier change of their record is unplanned, and none is
 * still owed to the webhook.
 */
export async function findNexts<Delivery extends Versioned>(
  context: Pick<ServiceContext, 'models'>,
  deliveries: readonly Delivery[],
): Promise<Delivery[]> {
  const byRecord = new Map<string, Delivery[]>();
  for (const delivery of deliveries) {
    byRecord.set(delivery.recordId, [...(byRecord.get(delivery.recordId) ?? []), delivery]);
  }
  const nexts = await Promise.all(
    [...byRecord.values()].map(async (ofRecord) => {
      const lowest = ofRecord.toSorted((a, b) => a.recordVersion - b.recordVersion)[0];
      return lowest && !(await hasEarlier(context, lowest)) ? [lowest] : [];
    }),
  );
  return nexts.flat();
}

/** Whether an earlier change of the delivery's record is not planned yet, or still owed to its webhook. */
export async function hasEarlier(
  { models }: Pick<ServiceContext, 'models'>,
  { webhookId, tableId, recordId, recordVersion }: Versioned,
): Promise<boolean> {
  const earlier = { recordId, recordVersion: { $lt: recordVersion }, ordered: true };
  // Unplanned ones first: what is planned in between has its delivery by the time of the second look.
  const unplanned = await models.changes.exists({
    ...earlier,
    tableId,
    state: { $in: ['pending', 'started'] },
  });
  return (
    unplanned !== null || (await models.deliveries.exists({ ...earlier, webhookId, open: true })) !== null
  );
}

/**
 * Lets the lowest open version of each record go that waits for an earlier one. To be called whenever a delivery of an
 * ordered webhook was settled, and when a change was planned that such a webhook is not owed. Idempotent.
 */
export async function wakeNextOfRecords(
  context: NextContext,
  records: readonly RecordOfWebhook[],
): Promise<void> {
  const lowest = await Promise.all(
    records.map(async ({ webhookId, recordId }) =>
      context.models.deliveries
        .findOne(
          { webhookId, recordId, ordered: true, open: true },
          { changeId: 1, workflowId: 1, open: 1, waitReason: 1 },
        )
        .sort({ recordVersion: 1 })
        .lean(),
    ),
  );
  await lookAfter(
    context,
    lowest.flatMap((delivery) => (delivery?.waitReason === 'earlier-change' ? [delivery] : [])),
  );
}
