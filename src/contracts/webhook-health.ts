import { z } from 'zod';
import { Instant } from './instant.ts';
import { WebhookStatus } from './webhook.ts';

/** `probing`: an attempt is under way that decides whether the circuit closes. */
export const CircuitState = z.enum(['closed', 'open', 'probing']);
export type CircuitState = z.infer<typeof CircuitState>;

/** How a webhook's endpoint fares, and what it is owed. */
export const WebhookHealth = z.strictObject({
  status: WebhookStatus,
  statusReason: z.string().nullable(),
  /** Deliveries not settled yet, those that wait counted in. */
  open: z.number().int().min(0),
  waiting: z.number().int().min(0),
  lastSuccessAt: Instant.nullable(),
  lastFailureAt: Instant.nullable(),
  /** HTTP status of the last failure, or null when there was no answer. */
  lastStatus: z.number().int().nullable(),
  failingSince: Instant.nullable(),
  circuit: CircuitState,
  nextProbeAt: Instant.nullable(),
  /** While deliveries that were held are let go: how many of how many have left. */
  resuming: z
    .strictObject({
      released: z.number().int().min(0),
      total: z.number().int().min(0),
      ratePerSecond: z.number().nullable(),
      startedAt: Instant,
    })
    .nullable(),
});
export type WebhookHealth = z.infer<typeof WebhookHealth>;
