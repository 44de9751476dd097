import type { DeliveryPolicy } from '../contracts/policies.ts';

/** Whether attempts under this policy need more than a turn: a slot, a seat, or both. */
export function hasLimits({ ratePerSecond, maxInFlight }: DeliveryPolicy): boolean {
  return ratePerSecond !== undefined || maxInFlight !== undefined;
}
