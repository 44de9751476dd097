import type { AttemptDoc, Claim, DeliveryDoc } from '../../models/delivery.ts';
import type { ServiceContext } from '../context.ts';
import { withAttempt } from './attempt-log.ts';

/** What a claim whose holder died leaves behind. */
export function toLostEdits(
  delivery: DeliveryDoc,
  lost: Claim,
): Pick<DeliveryDoc, 'attemptCount' | 'attempts'> {
  const interrupted: AttemptDoc = {
    number: lost.number,
    startedAt: lost.startedAt,
    durationMs: null,
    outcome: 'interrupted',
    status: null,
    errorCode: null,
    errorMessage:
      'The worker stopped before the answer was recorded. The endpoint may have received this attempt.',
    responseHeaders: {},
    responseBody: null,
  };
  return { attemptCount: lost.number, attempts: withAttempt(delivery.attempts, interrupted) };
}

/** Before a delivery is held: an attempt whose holder died is logged, and its claim is no more. */
export async function endLostAttempt(
  { models, clock }: Pick<ServiceContext, 'models' | 'clock'>,
  deliveryId: string,
): Promise<void> {
  const delivery = await models.deliveries
    .findOne({ _id: deliveryId, open: true, 'claim.until': { $lte: clock() } })
    .lean();
  if (!delivery?.claim) return;
  await models.deliveries.updateOne(
    { _id: deliveryId, open: true, 'claim.token': delivery.claim.token },
    { $set: { ...toLostEdits(delivery, delivery.claim), state: 'retrying', claim: null } },
  );
}
