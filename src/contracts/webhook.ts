import { z } from 'zod';
import { EventType } from './change.ts';

/** What an endpoint may be called with. */
export const WebhookMethod = z.enum(['POST', 'PUT', 'PATCH']);
export type WebhookMethod = z.infer<typeof WebhookMethod>;

const DAY_MS = 86_400_000;

/** When and for how long a failed delivery is tried again. All durations in milliseconds. */
export const RetryPolicy = z.strictObject({
  initialMs: z.number().int().min(1).max(DAY_MS).default(5_000),
  factor: z.number().min(1).max(10).default(3),
  maxMs: z
    .number()
    .int()
    .min(1)
    .max(7 * DAY_MS)
    .default(36_000_000),
  jitter: z.number().min(0).max(1).default(0.2),
  giveUpAfterMs: z
    .number()
    .int()
    .min(0)
    .max(30 * DAY_MS)
    .default(3 * DAY_MS),
  timeoutMs: z.number().int().min(100).max(60_000).default(15_000),
  scheduleMs: z
    .array(
      z
        .number()
        .int()
        .min(1)
        .max(7 * DAY_MS),
    )
    .min(1)
    .max(50)
    .optional(),
  permanentStatuses: z.array(z.number().int().min(400).max(599)).max(200).optional(),
});
export type RetryPolicy = z.infer<typeof RetryPolicy>;

/** A header sent with every attempt; the value of a secret one is never shown again. */
export const WebhookHeader = z.strictObject({
  name: z.string().min(1).max(128),
  value: z.string().max(4096),
  secret: z.boolean().default(false),
});
export type WebhookHeader = z.infer<typeof WebhookHeader>;

const Events = z
  .array(z.union([EventType, z.literal('record.*')]))
  .min(1)
  .max(4);

const registration = {
  name: z.string().trim().min(1).max(100),
  description: z.string().max(1000),
  url: z.string().min(1).max(2048),
  method: WebhookMethod,
  enabled: z.boolean(),
  events: Events,
  headers: z.array(WebhookHeader).max(20),
};

export const CreateWebhookInput = z.strictObject({
  name: registration.name,
  description: registration.description.default(''),
  url: registration.url,
  method: registration.method.default('POST'),
  enabled: registration.enabled.default(true),
  events: registration.events,
  headers: registration.headers.default([]),
  retry: RetryPolicy.prefault({}),
});
export type CreateWebhookInput = z.infer<typeof CreateWebhookInput>;

/** What is sent replaces what was; within `retry`, fields left out keep their value and null takes an optional one away. */
export const UpdateWebhookInput = z.strictObject({
  name: registration.name.optional(),
  description: registration.description.optional(),
  url: registration.url.optional(),
  method: registration.method.optional(),
  enabled: registration.enabled.optional(),
  events: registration.events.optional(),
  headers: registration.headers.optional(),
  retry: z
    .strictObject({
      initialMs: RetryPolicy.shape.initialMs.unwrap().optional(),
      factor: RetryPolicy.shape.factor.unwrap().optional(),
      maxMs: RetryPolicy.shape.maxMs.unwrap().optional(),
      jitter: RetryPolicy.shape.jitter.unwrap().optional(),
      giveUpAfterMs: RetryPolicy.shape.giveUpAfterMs.unwrap().optional(),
      timeoutMs: RetryPolicy.shape.timeoutMs.unwrap().optional(),
      scheduleMs: RetryPolicy.shape.scheduleMs.unwrap().nullable().optional(),
      permanentStatuses: RetryPolicy.shape.permanentStatuses.unwrap().nullable().optional(),
    })
    .optional(),
});
export type UpdateWebhookInput = z.infer<typeof UpdateWebhookInput>;

export const WebhookStatus = z.enum(['active', 'gone']);
export type WebhookStatus = z.infer<typeof WebhookStatus>;

/** A registration as read back. `url` is whole only for keys that may write webhooks, else only its origin. */
export interface Webhook {
  id: string;
  tableId: string;
  name: string;
  description: string;
  url: string;
  method: WebhookMethod;
  enabled: boolean;
  status: WebhookStatus;
  statusReason: string | null;
  events: z.infer<typeof Events>;
  headers: { name: string; value: string | null; secret: boolean }[];
  retry: RetryPolicy;
  createdAt: string;
  updatedAt: string;
}

/** The signing secret is shown here and never again. */
export interface CreatedWebhook extends Webhook {
  secret: string;
}
