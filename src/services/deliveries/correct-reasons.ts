import type { WaitReason } from '../../contracts/delivery.ts';
import { admit } from '../../domain/admission.ts';
import { hasLimits } from '../../domain/has-limits.ts';
import type { WebhookDoc } from '../../models/webhook.ts';
import type { ServiceContext } from '../context.ts';
import { toHoldEdits } from './hold.ts';
import { findNexts } from './next-of-record.ts';
import type { DeliverySummary } from '../../models/delivery.ts';

export interface CorrectReasonsInput {
  /** Of the webhook; they were not called up, and there may have been no place for those that could go. */
  deliveries: readonly DeliverySummary[];
  /** Called before any is stored as waiting for a turn at the endpoint. */
  beforeBusy: () => void;
}

/**
 * Of an ordered webhook, every delivery is planned as waiting for an earlier change, since only a stored one can tell.
 * What waits for something else is given that reason here, lest nobody finds it: settling an earlier change wakes what
 * waits for one, and all else is found by its reason. Answers the new reasons, by delivery.
 */
export async function correctReasons(
  context: Pick<ServiceContext, 'models' | 'clock'>,
  webhook: WebhookDoc,
  { deliveries, beforeBusy }: CorrectReasonsInput,
): Promise<Map<string, WaitReason>> {
  const reasons = new Map<string, WaitReason>();
  if (webhook.delivery.order === 'none') return reasons;
  const admitted: DeliverySummary[] = [];
  for (const delivery of deliveries.filter(({ waitReason }) => waitReason === 'earlier-change')) {
    const admission = admit({ webhook, delivery, hasEarlier: false, calledBy: 'workflow' });
    if (admission.kind === 'hold') reasons.set(delivery._id, admission.reason);
    else admitted.push(delivery);
  }
  const noPlace = hasLimits(webhook.delivery) ? 'rate-limited' : 'endpoint-busy';
  for (const { _id } of await findNexts(context, admitted)) reasons.set(_id, noPlace);
  if ([...reasons.values()].includes('endpoint-busy')) beforeBusy();
  await storeReasons(context, reasons);
  return reasons;
}

/** One update for each reason. What somebody let go of its wait meanwhile is left alone. */
async function storeReasons(
  { models, clock }: Pick<ServiceContext, 'models' | 'clock'>,
  reasons: ReadonlyMap<string, WaitReason>,
): Promise<void> {
  for (const reason of new Set(reasons.values())) {
    const ids = [...reasons].flatMap(([deliveryId, own]) => (own === reason ? [deliveryId] : []));
    await models.deliveries.updateMany(
      { _id: { $in: ids }, state: 'waiting', waitReason: 'earlier-change' },
      toHoldEdits(reason, clock()),
      { updatePipeline: true },
    );
  }
}
