import type { DeliveryDoc } from '../../models/delivery.ts';

/** The edits that open a settled delivery to be sent again: what ended it is gone, and its horizon begins anew. */
export function toReopenEdits(now: Date): Partial<DeliveryDoc> {
  return {
    open: true,
    replay: true,
    owedSince: now,
    heldMs: 0,
    waitReason: null,
    waitingSince: null,
    failureReason: null,
    cancelReason: null,
    nextAttemptAt: null,
    claim: null,
    settledAt: null,
  };
}
