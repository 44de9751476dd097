import type { ExpungeInput, ExpungeResult } from '../../contracts/expunge.ts';
import { ConflictError } from '../../errors.ts';
import type { RequestContext } from '../context.ts';
import { tellCancelled } from './cancel.ts';
import { toCancelAndExpungeEdits, toExpungeEdits } from './expunge-edits.ts';
import { findDelivery } from './find.ts';

/**
 * Expunges the body of a delivery and the answers to it; its log line stays, and its change keeps its values. Idempotent.
 * ConflictError for one that is open, unless `force`, which cancels it: an attempt under way may still arrive.
 */
export async function expungeDelivery(
  context: RequestContext,
  { deliveryId, force }: ExpungeInput & { deliveryId: string },
): Promise<ExpungeResult> {
  const { models, clock } = context;
  const delivery = await findDelivery(context, deliveryId);
  const edit = { updatePipeline: true };
  const cancelled = force
    ? await models.deliveries.updateOne(
        { _id: deliveryId, open: true },
        toCancelAndExpungeEdits(clock()),
        edit,
      )
    : null;
  const settled = await models.deliveries.updateOne(
    { _id: deliveryId, open: false, expungedAt: null },
    toExpungeEdits(clock()),
    edit,
  );
  const { open } = await findDelivery(context, deliveryId);
  if (open) {
    throw new ConflictError('The delivery is open. Wait until it is settled, or expunge it with force.');
  }
  const count = cancelled?.modifiedCount ?? 0;
  if (count > 0) await tellCancelled(context, [delivery]);
  return { deliveries: count + settled.modifiedCount, changes: 0, cancelled: count };
}
