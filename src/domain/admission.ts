import type { WaitReason } from '../contracts/delivery.ts';

/** Whether an attempt may be made now; every rule of holding back lives in `admit`. */
export type Admission = { kind: 'go' } | { kind: 'hold'; reason: WaitReason } | { kind: 'drop' };

/** What admission asks of a webhook. */
export interface AdmittingWebhook {
  enabled: boolean;
  paused: { auto: boolean } | null;
  health: { circuit: 'closed' | 'open' };
  /** While what waited in its line is being let go. */
  resuming: object | null;
}

export interface AdmissionInput {
  /** As it is now; null once it was deleted. */
  webhook: AdmittingWebhook | null;
  delivery: { attemptCount: number };
  /** Where its webhook keeps order: whether an earlier change of the record is not planned, or not settled, yet. */
  hasEarlier: boolean;
  /** Who asks: the delivery's own workflow, or the webhook's line, on its turn or as the probe of a failing endpoint. */
  calledBy: 'workflow' | 'line' | 'probe';
}

/**
 * Admits, holds or drops the next attempt of a delivery. What may go still needs a place at the endpoint: a turn, and
 * where the webhook has limits a slot and a seat.
 */
export function admit({ webhook, delivery, hasEarlier, calledBy }: AdmissionInput): Admission {
  if (webhook === null) return { kind: 'drop' };
  if (!webhook.enabled) return { kind: 'hold', reason: 'disabled' };
  const probes = calledBy === 'probe';
  if (webhook.paused && !(probes && webhook.paused.auto)) return { kind: 'hold', reason: 'paused' };
  if (webhook.health.circuit === 'open' && !probes) return { kind: 'hold', reason: 'circuit-open' };
  if (hasEarlier) return { kind: 'hold', reason: 'earlier-change' };
  // What was never attempted goes behind those in line, until the line comes to it.
  const isNew = delivery.attemptCount === 0 && calledBy === 'workflow';
  if (webhook.resuming && isNew) return { kind: 'hold', reason: 'resuming' };
  return { kind: 'go' };
}
