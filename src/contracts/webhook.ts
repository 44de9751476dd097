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

const MAX_COALESCE_MS = DAY_MS;

/** Edits of one record within `waitMs` of each other become one delivery, sent `maxWaitMs` after the first at the latest. */
export const CoalescePolicy = z
  .strictObject({
    waitMs: z.number().int().min(100).max(MAX_COALESCE_MS),
    maxWaitMs: z.number().int().min(100).max(MAX_COALESCE_MS),
  })
  .refine(({ waitMs, maxWaitMs }) => waitMs <= maxWaitMs, {
    path: ['maxWaitMs'],
    message: 'must not be less than waitMs',
  });
export type CoalescePolicy = z.infer<typeof CoalescePolicy>;

/**
 * How deliveries reach the endpoint. `order: record`: those of one record one after the other, by version. `ratePerSecond`
 * and `maxInFlight` bound attempts over all workers.
 */
export const DeliveryPolicy = z.strictObject({
  order: z.enum(['none', 'record']).default('none'),
  ratePerSecond: z.number().min(0.01).max(1000).optional(),
  maxInFlight: z.number().int().min(1).max(100).optional(),
  coalesce: CoalescePolicy.optional(),
});
export type DeliveryPolicy = z.infer<typeof DeliveryPolicy>;

/** After so long of nothing but failure the webhook is paused; probes go on, and one success lets its deliveries flow. */
export const AutoPausePolicy = z.strictObject({
  afterFailingForMs: z
    .number()
    .int()
    .min(1_000)
    .max(30 * DAY_MS)
    .default(DAY_MS),
});
export type AutoPausePolicy = z.infer<typeof AutoPausePolicy>;

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
  delivery: DeliveryPolicy.prefault({}),
  /** Null: never. */
  autoPause: AutoPausePolicy.nullable().prefault({}),
});
export type CreateWebhookInput = z.infer<typeof CreateWebhookInput>;

/** What is sent replaces what was; within `retry` and `delivery`, fields left out keep their value and null takes an optional one away. */
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
  delivery: z
    .strictObject({
      order: DeliveryPolicy.shape.order.unwrap().optional(),
      ratePerSecond: DeliveryPolicy.shape.ratePerSecond.unwrap().nullable().optional(),
      maxInFlight: DeliveryPolicy.shape.maxInFlight.unwrap().nullable().optional(),
      coalesce: CoalescePolicy.nullable().optional(),
    })
    .optional(),
  autoPause: AutoPausePolicy.nullable().optional(),
});
export type UpdateWebhookInput = z.infer<typeof UpdateWebhookInput>;

/** `failing`: its circuit is open. `gone`: its endpoint answered 410. */
export const WebhookStatus = z.enum(['active', 'paused', 'failing', 'gone']);
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
  delivery: DeliveryPolicy;
  autoPause: AutoPausePolicy | null;
  createdAt: string;
  updatedAt: string;
}

/** The signing secret is shown here and never again. */
export interface CreatedWebhook extends Webhook {
  secret: string;
}

export const PauseWebhookInput = z.strictObject({ reason: z.string().trim().min(1).max(500).optional() });
export type PauseWebhookInput = z.infer<typeof PauseWebhookInput>;

/** Without a rate, what waits goes as fast as the endpoint answers. */
export const ResumeWebhookInput = z.strictObject({
  ratePerSecond: DeliveryPolicy.shape.ratePerSecond,
});
export type ResumeWebhookInput = z.infer<typeof ResumeWebhookInput>;

/** Answer of a resume: what waited at that moment is let go, oldest first. */
export interface ResumedWebhook {
  webhook: Webhook;
  waiting: number;
}

/** `probing`: an attempt is under way that decides whether the circuit closes. */
export type CircuitState = 'closed' | 'open' | 'probing';

/** How a webhook's endpoint fares, and what it is owed. */
export interface WebhookHealth {
  status: WebhookStatus;
  statusReason: string | null;
  /** Deliveries not settled yet, those that wait counted in. */
  open: number;
  waiting: number;
  lastSuccessAt: string | null;
  lastFailureAt: string | null;
  /** HTTP status of the last failure, or null when there was no answer. */
  lastStatus: number | null;
  failingSince: string | null;
  circuit: CircuitState;
  nextProbeAt: string | null;
  /** While deliveries that were held are let go: how many of how many have left. */
  resuming: { released: number; total: number; ratePerSecond: number | null; startedAt: string } | null;
}
