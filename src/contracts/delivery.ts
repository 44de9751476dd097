import { z } from 'zod';
import { EventType, WorkflowLink } from './change.ts';
import { AnyRecordId, ChangeId, DeliveryId, TableId, WebhookId } from './id.ts';
import { Instant } from './instant.ts';
import { PageQuery } from './page.ts';

export const DeliveryState = z.enum([
  'pending',
  'delivering',
  'retrying',
  'waiting',
  'delivered',
  'failed',
  'cancelled',
]);
export type DeliveryState = z.infer<typeof DeliveryState>;

/**
 * Why a delivery is held back on purpose. `endpoint-busy`: as many calls to this endpoint are in flight as it has shown to
 * answer. `resuming`: older deliveries of its webhook are being let go first, or it was put in line by a replay.
 */
export const WaitReason = z.enum([
  'disabled',
  'paused',
  'circuit-open',
  'rate-limited',
  'earlier-change',
  'coalescing',
  'resuming',
  'endpoint-busy',
]);
export type WaitReason = z.infer<typeof WaitReason>;

/**
 * Why a delivery was cancelled. `undone`: the edits that were merged into it came to nothing. `expunged`: what it would have
 * said was expunged.
 */
export const CancelReason = z.enum(['by-request', 'webhook-deleted', 'undone', 'expunged']);
export type CancelReason = z.infer<typeof CancelReason>;

/** What became of one attempt. `interrupted`: its worker died or was cut off before the outcome was recorded. */
export const AttemptOutcome = z.enum([
  'delivered',
  'http-error',
  'timeout',
  'network-error',
  'refused',
  'interrupted',
]);
export type AttemptOutcome = z.infer<typeof AttemptOutcome>;

const HttpStatus = z.number().int().min(100).max(599);

/** One HTTP call of a delivery. `status` is null without an answer; the first 16 KiB of the answer's body are kept. */
export const Attempt = z
  .strictObject({
    number: z.number().int().min(1),
    startedAt: Instant,
    durationMs: z.number().min(0).nullable(),
    outcome: AttemptOutcome,
    status: HttpStatus.nullable(),
    errorCode: z.string().nullable(),
    errorMessage: z.string().nullable(),
    responseHeaders: z.record(z.string(), z.string()),
    responseBody: z.string().nullable(),
  })
  .describe(
    'One HTTP call of a delivery. `status` is null without an answer; of the body the first 16 KiB are kept.',
  );
export type Attempt = z.infer<typeof Attempt>;

/** One record change owed to one webhook, and how it stands. */
export const Delivery = z
  .strictObject({
    id: DeliveryId,
    webhookId: WebhookId,
    webhookName: z.string(),
    host: z.string().describe('Of the endpoint; the whole URL may be a credential.'),
    changeId: ChangeId,
    tableId: TableId,
    recordId: AnyRecordId,
    recordVersion: z.number().int().min(1),
    eventType: EventType,
    state: DeliveryState,
    waitReason: WaitReason.nullable().describe('Why it is held back, while it is `waiting`.'),
    failureReason: z.string().nullable().describe('Why it failed for good, such as `gave-up`.'),
    cancelReason: CancelReason.nullable(),
    replay: z
      .boolean()
      .describe('Whether it was sent again, or for a backfill: its attempts carry `tablehook-replay: true`.'),
    mergedChangeIds: z
      .array(ChangeId)
      .describe(
        'The other changes of its record that were merged into this delivery while it waited (`coalesce`).',
      ),
    attemptCount: z.number().int().min(0),
    nextAttemptAt: Instant.nullable().describe('When the next attempt is due.'),
    lastStatus: HttpStatus.nullable(),
    lastErrorCode: z.string().nullable(),
    createdAt: Instant,
    settledAt: Instant.nullable(),
    expungedAt: Instant.nullable().describe(
      'When its body and the answers to it were expunged: it cannot be sent again.',
    ),
    workflow: WorkflowLink,
  })
  .describe(
    'One record change owed to one webhook, and how it stands. Settled: `delivered`, `failed`, `cancelled`.',
  );
export type Delivery = z.infer<typeof Delivery>;

/** `attempts` holds the last 50. */
export const DeliveryWithAttempts = Delivery.extend({ attempts: z.array(Attempt) }).describe(
  'A delivery with its last 50 attempts.',
);
export type DeliveryWithAttempts = z.infer<typeof DeliveryWithAttempts>;

/** `force`: also to a webhook that keeps order and already got a later version of the record. */
export const RedeliverInput = z.strictObject({ force: z.boolean().default(false) }).prefault({});
export type RedeliverInput = z.infer<typeof RedeliverInput>;

export const ListDeliveriesQuery = PageQuery.extend({
  webhookId: WebhookId.optional(),
  tableId: TableId.optional(),
  recordId: AnyRecordId.optional(),
  state: DeliveryState.optional(),
  since: z.iso.datetime({ offset: true }).optional().describe('Created then or later.'),
  until: z.iso.datetime({ offset: true }).optional().describe('Created before.'),
});
export type ListDeliveriesQuery = z.infer<typeof ListDeliveriesQuery>;
