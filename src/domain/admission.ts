import type { WaitReason } from '../contracts/delivery.ts';

/** Whether an attempt may be made now; every rule of holding back lives in `admit`. */
export type Admission = { kind: 'go' } | { kind: 'hold'; reason: WaitReason } | { kind: 'drop' };

/** Admits, holds or drops the next attempt of a delivery; `webhook` is null once it was deleted. */
export function admit(webhook: { enabled: boolean } | null): Admission {
  if (webhook === null) return { kind: 'drop' };
  if (!webhook.enabled) return { kind: 'hold', reason: 'disabled' };
  return { kind: 'go' };
}
