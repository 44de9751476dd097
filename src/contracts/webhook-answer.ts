import { z } from 'zod';
import { TableId, WebhookId } from './id.ts';
import { Instant } from './instant.ts';
import {
  AutoPausePolicy,
  CreateWebhookInput,
  DeliveryPolicy,
  RetryPolicy,
  WebhookMethod,
  WebhookStatus,
} from './webhook.ts';

/** A registration as read back. `url` is whole only for keys that may write webhooks, else only its origin. */
export const Webhook = z.strictObject({
  id: WebhookId,
  tableId: TableId,
  name: z.string(),
  description: z.string(),
  url: z.string(),
  method: WebhookMethod,
  enabled: z.boolean(),
  status: WebhookStatus,
  statusReason: z.string().nullable(),
  events: CreateWebhookInput.shape.events,
  headers: z.array(z.strictObject({ name: z.string(), value: z.string().nullable(), secret: z.boolean() })),
  retry: RetryPolicy,
  delivery: DeliveryPolicy,
  autoPause: AutoPausePolicy.nullable(),
  createdAt: Instant,
  updatedAt: Instant,
});

/** The signing secret is shown here and never again. */
export const CreatedWebhook = Webhook.extend({ secret: z.string() });

/** Answer of a resume: what waited at that moment is let go, oldest first. */
export const ResumedWebhook = z.strictObject({ webhook: Webhook, waiting: z.number().int().min(0) });

/** How a webhook's endpoint fares, and what it is owed. */
export const WebhookHealth = z.strictObject({
  status: WebhookStatus,
  statusReason: z.string().nullable(),
  open: z.number().int().min(0),
  waiting: z.number().int().min(0),
  lastSuccessAt: Instant.nullable(),
  lastFailureAt: Instant.nullable(),
  lastStatus: z.number().int().nullable(),
  failingSince: Instant.nullable(),
  circuit: z.enum(['closed', 'open', 'probing']),
  nextProbeAt: Instant.nullable(),
  resuming: z
    .strictObject({
      released: z.number().int().min(0),
      total: z.number().int().min(0),
      ratePerSecond: z.number().nullable(),
      startedAt: Instant,
    })
    .nullable(),
});
