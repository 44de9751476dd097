import { z } from 'zod';

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

/** Edits of a retry policy: fields left out keep their value, null takes an optional one away. */
export const UpdateRetryPolicy = z.strictObject({
  initialMs: RetryPolicy.shape.initialMs.unwrap().optional(),
  factor: RetryPolicy.shape.factor.unwrap().optional(),
  maxMs: RetryPolicy.shape.maxMs.unwrap().optional(),
  jitter: RetryPolicy.shape.jitter.unwrap().optional(),
  giveUpAfterMs: RetryPolicy.shape.giveUpAfterMs.unwrap().optional(),
  timeoutMs: RetryPolicy.shape.timeoutMs.unwrap().optional(),
  scheduleMs: RetryPolicy.shape.scheduleMs.unwrap().nullable().optional(),
  permanentStatuses: RetryPolicy.shape.permanentStatuses.unwrap().nullable().optional(),
});
export type UpdateRetryPolicy = z.infer<typeof UpdateRetryPolicy>;

/** Edits of a delivery policy: fields left out keep their value, null takes an optional one away. */
export const UpdateDeliveryPolicy = z.strictObject({
  order: DeliveryPolicy.shape.order.unwrap().optional(),
  ratePerSecond: DeliveryPolicy.shape.ratePerSecond.unwrap().nullable().optional(),
  maxInFlight: DeliveryPolicy.shape.maxInFlight.unwrap().nullable().optional(),
  coalesce: CoalescePolicy.nullable().optional(),
});
export type UpdateDeliveryPolicy = z.infer<typeof UpdateDeliveryPolicy>;
