import type { DeliveryDoc } from '../../models/delivery.ts';

/** What makes a delivery wait in its webhook's line, which is looked after as a whole. */
export function toLineEdits(now: Date) {
  return {
    state: 'waiting',
    waitReason: 'resuming',
    waitingSince: now,
    verifyAt: null,
  } satisfies Partial<DeliveryDoc>;
}
