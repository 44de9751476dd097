import type { SettledResult } from '../../contracts/workflow.ts';
import type { DeliveryDoc } from '../../models/delivery.ts';
import { isUnsendable } from './unsendable.ts';

type Described = Pick<DeliveryDoc, 'host' | 'lastStatus' | 'lastErrorCode' | 'attemptCount'>;

/** The last answer in words, such as "503 from crm.example (attempt 2)". Nothing secret is in it. */
export function describeLastAttempt({ host, lastStatus, lastErrorCode, attemptCount }: Described): string {
  if (attemptCount === 0) return 'no attempt yet';
  const answer = lastStatus ?? (lastErrorCode ?? 'interrupted').replaceAll('_', ' ');
  return `${answer} from ${host} (attempt ${attemptCount})`;
}

const UNDONE = 'the edits undid each other';

/** How a settled delivery ended. Throws for one that is open. */
export function toSettled(
  delivery: Described & Pick<DeliveryDoc, '_id' | 'state' | 'failureReason' | 'cancelReason'>,
): SettledResult {
  const { state, attemptCount, lastStatus, failureReason, cancelReason } = delivery;
  if (state !== 'delivered' && state !== 'failed' && state !== 'cancelled') {
    throw new Error(`the delivery ${delivery._id} is ${state}`);
  }
  // Its reason says all: there was nothing to attempt.
  if (isUnsendable(delivery)) {
    return { kind: 'settled', state, attemptCount, lastStatus, summary: delivery.failureReason ?? '' };
  }
  const last = describeLastAttempt(delivery);
  const cause = failureReason ?? (cancelReason === 'undone' ? UNDONE : null);
  const summary = cause === null ? last : `${cause}: ${last}`;
  return { kind: 'settled', state, attemptCount, lastStatus, summary };
}
