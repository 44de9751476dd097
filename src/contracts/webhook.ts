import { z } from 'zod';
import { EventType } from './change.ts';
import { Condition } from './condition.ts';
import { ApiKeyId, TableId, WebhookId } from './id.ts';
import { Instant } from './instant.ts';
import { PayloadOptions, UpdatePayloadOptions } from './payload.ts';
import {
  AutoPausePolicy,
  DeliveryPolicy,
  RetryPolicy,
  UpdateDeliveryPolicy,
  UpdateRetryPolicy,
} from './policies.ts';
import { NOT_BLANK } from './text.ts';

/** What an endpoint may be called with. */
export const WebhookMethod = z.enum(['POST', 'PUT', 'PATCH']);
export type WebhookMethod = z.infer<typeof WebhookMethod>;

// RFC 9110 §5.5 and §5.6.2: what a field line can carry.
const HeaderValue = z
  .string()
  .max(4096)
  .regex(/^[\t\x20-\x7e\x80-\xff]*$/, 'must hold neither control characters nor characters beyond latin1');
const HeaderName = z
  .string()
  .min(1)
  .max(128)
  .regex(/^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/, "must hold only letters, digits and !#$%&'*+-.^_`|~");

/** A header sent with every attempt; the value of a secret one is never shown again. */
export const WebhookHeader = z.strictObject({
  name: HeaderName,
  value: HeaderValue,
  secret: z.boolean().default(false),
});
export type WebhookHeader = z.infer<typeof WebhookHeader>;

/** A header in an edit: a secret one without a value, or with null as it is read, keeps the value that is stored. */
export const UpdateWebhookHeader = WebhookHeader.extend({
  value: HeaderValue.nullable().default(null),
}).refine(({ value, secret }) => secret || value !== null, { path: ['value'], message: 'is required' });
export type UpdateWebhookHeader = z.infer<typeof UpdateWebhookHeader>;

const Events = z
  .array(z.union([EventType, z.literal('record.*')]))
  .min(1)
  .max(4);

/** A field of the webhook's table, by its id; in requests its name will do, unless it is another field's id. */
export const FieldReference = z.string().min(1).max(100);

/** Whose changes do not fire a webhook: all of a kind of source, or those made with one API key. */
export const IgnoredSource = z.union(
  [z.enum(['api', 'ingest', 'system']), ApiKeyId],
  'must be api, ingest, system or the id of an API key (key_…)',
);
export type IgnoredSource = z.infer<typeof IgnoredSource>;

const registration = {
  name: z.string().regex(NOT_BLANK, 'must not be empty').trim().min(1).max(100),
  description: z.string().max(1000),
  url: z.string().min(1).max(2048),
  method: WebhookMethod,
  enabled: z.boolean(),
  events: Events,
  watchFields: z
    .array(FieldReference)
    .max(200)
    .describe(
      'An update fires only if one of these fields differs; empty: any. By name or id, read back by id.',
    ),
  ignoreSources: z
    .array(IgnoredSource)
    .max(100)
    .describe('Changes from these sources, or made with these API keys, do not fire it.'),
  headers: z.array(WebhookHeader).max(20),
};

export const CreateWebhookInput = z.strictObject({
  name: registration.name,
  description: registration.description.default(''),
  url: registration.url,
  method: registration.method.default('POST'),
  enabled: registration.enabled.default(true),
  events: registration.events,
  watchFields: registration.watchFields.default([]),
  condition: Condition.nullable().default(null),
  ignoreSources: registration.ignoreSources.default([]),
  payload: PayloadOptions.prefault({}),
  headers: registration.headers.default([]),
  retry: RetryPolicy.prefault({}),
  delivery: DeliveryPolicy.prefault({}),
  autoPause: AutoPausePolicy.nullable().prefault({}).describe('Null: never.'),
});
export type CreateWebhookInput = z.infer<typeof CreateWebhookInput>;

/**
 * What is sent replaces what was; within `retry`, `delivery` and `payload`, fields left out keep their value and null takes
 * an optional one away. `headers` is the whole list; secret ones may be written back as they are read.
 */
export const UpdateWebhookInput = z.strictObject({
  name: registration.name.optional(),
  description: registration.description.optional(),
  url: registration.url.optional(),
  method: registration.method.optional(),
  enabled: registration.enabled.optional(),
  events: registration.events.optional(),
  watchFields: registration.watchFields.optional(),
  condition: Condition.nullable().optional(),
  ignoreSources: registration.ignoreSources.optional(),
  payload: UpdatePayloadOptions.optional(),
  headers: z.array(UpdateWebhookHeader).max(20).optional(),
  retry: UpdateRetryPolicy.optional(),
  delivery: UpdateDeliveryPolicy.optional(),
  autoPause: AutoPausePolicy.nullable().optional(),
});
export type UpdateWebhookInput = z.infer<typeof UpdateWebhookInput>;

/**
 * `failing`: its circuit is open. `gone`: its endpoint answered 410. `needs-attention`: it asks for a field that is gone,
 * and hears nothing until it is edited.
 */
export const WebhookStatus = z.enum(['active', 'paused', 'failing', 'gone', 'needs-attention']);
export type WebhookStatus = z.infer<typeof WebhookStatus>;

/** A registration as read back: fields by id. `url` is whole only for keys that may write webhooks, else only its origin. */
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
  events: Events,
  watchFields: z.array(z.string()),
  condition: Condition.nullable(),
  ignoreSources: z.array(IgnoredSource),
  payload: PayloadOptions,
  headers: z.array(z.strictObject({ name: z.string(), value: z.string().nullable(), secret: z.boolean() })),
  retry: RetryPolicy,
  delivery: DeliveryPolicy,
  autoPause: AutoPausePolicy.nullable(),
  createdAt: Instant,
  updatedAt: Instant,
});
export type Webhook = z.infer<typeof Webhook>;

/** The signing secret is shown here and never again. */
export const CreatedWebhook = Webhook.extend({ secret: z.string() });
export type CreatedWebhook = z.infer<typeof CreatedWebhook>;

/** For how long the secret that is replaced signs as well; 0 ends all older ones at once. */
export const RotateSecretInput = z.strictObject({
  overlapSeconds: z.number().int().min(0).max(604_800).default(86_400),
});
export type RotateSecretInput = z.infer<typeof RotateSecretInput>;

/** The new secret is shown here and never again; `previousValidUntil` is null when none of the older ones signs any more. */
export const RotatedSecret = z.strictObject({
  secret: z.string(),
  previousValidUntil: z.string().nullable(),
});
export type RotatedSecret = z.infer<typeof RotatedSecret>;

/** Without a name, the copy has that of the original, marked as a copy. */
export const DuplicateWebhookInput = z.strictObject({ name: registration.name.optional() });
export type DuplicateWebhookInput = z.infer<typeof DuplicateWebhookInput>;

export const PauseWebhookInput = z.strictObject({
  reason: z.string().regex(NOT_BLANK, 'must not be empty').trim().min(1).max(500).optional(),
});
export type PauseWebhookInput = z.infer<typeof PauseWebhookInput>;

/** Without a rate, what waits goes as fast as the endpoint answers. */
export const ResumeWebhookInput = z.strictObject({
  ratePerSecond: DeliveryPolicy.shape.ratePerSecond,
});
export type ResumeWebhookInput = z.infer<typeof ResumeWebhookInput>;

/** Answer of a resume: what waited at that moment is let go, oldest first. */
export const ResumedWebhook = z.strictObject({ webhook: Webhook, waiting: z.number().int().min(0) });
export type ResumedWebhook = z.infer<typeof ResumedWebhook>;
