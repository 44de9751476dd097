import { z } from 'zod';
import { WebhookStatus } from './webhook.ts';

/** `probing`: an attempt is under way that decides whether the circuit closes. */
export const CircuitState = z.enum(['closed', 'open', 'probing']);
export type CircuitState = z.infer<typeof CircuitState>;

/** How a webhook's endpoint fares, and what it is owed. */
export const WebhookHealth = z.strictObject({
  status: WebhookStatus,
  statusReason: z.string().nullable(),
  /** Deliveries not settled yet, those that wait counted in. */
  open: z.number().int(),
  waiting: z.number().int(),
  lastSuccessAt: z.string().nullable(),
  lastFailureAt: z.string().nullable(),
  /** HTTP status of the last failure, or null when there was no answer. */
  lastStatus: z.number().int().nullable(),
  failingSince: z.string().nullable(),
  circuit: CircuitState,
  nextProbeAt: z.string().nullable(),
  /** While deliveries that were held are let go: how many of how many have left. */
  resuming: z
    .strictObject({
      released: z.number().int(),
      total: z.number().int(),
      ratePerSecond: z.number().nullable(),
      startedAt: z.string(),
    })
    .nullable(),
});
export type WebhookHealth = z.infer<typeof WebhookHealth>;
