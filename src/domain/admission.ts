import type { WaitReason } from '../contracts/delivery.ts';

/** Whether an attempt may be made now; every rule of holding back lives in `admit`. */
export type Admission = { kind: 'go' } | { kind: 'hold'; reason: WaitReason } | { kind: 'drop' };

/**
 * Admits, holds or drops the next attempt of a delivery; `webhook` is null once it was deleted. `takeTurn` is asked
 * last, so that a turn taken at the endpoint is a turn used.
 */
export function admit(webhook: { enabled: boolean } | null, takeTurn: () => boolean): Admission {
  if (webhook === null) return { kind: 'drop' };
  if (!webhook.enabled) return { kind: 'hold', reason: 'disabled' };
  if (!takeTurn()) return { kind: 'hold', reason: 'endpoint-busy' };
  return { kind: 'go' };
}
