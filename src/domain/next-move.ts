import type { AdmittingWebhook } from './admission.ts';

/** What is to be done with the deliveries that wait in a webhook's line. */
export type Move =
  /** Nothing, until somebody enables or resumes the webhook. */
  | { kind: 'rest'; reason: 'disabled' | 'paused' }
  /** Its endpoint fails: one delivery is tried at `at`, the others wait for what comes of it. */
  | { kind: 'probe'; at: Date }
  /** Let them go, oldest first. */
  | { kind: 'drain' };

/** Decides what a webhook's line does next. */
export function nextMove(webhook: AdmittingWebhook & { health: { probeAt: Date | null } }, now: Date): Move {
  if (!webhook.enabled) return { kind: 'rest', reason: 'disabled' };
  if (webhook.paused && !webhook.paused.auto) return { kind: 'rest', reason: 'paused' };
  const isFailing = webhook.health.circuit === 'open' || webhook.paused !== null;
  return isFailing ? { kind: 'probe', at: webhook.health.probeAt ?? now } : { kind: 'drain' };
}
