import { z } from 'zod';
import type { EventType, WorkflowLink } from './change.ts';
import { AnyRecordId, TableId, WebhookId } from './id.ts';
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

export interface Attempt {
  number: number;
  startedAt: string;
  durationMs: number | null;
  outcome: AttemptOutcome;
  status: number | null;
  errorCode: string | null;
  errorMessage: string | null;
  responseHeaders: Record<string, string>;
  responseBody: string | null;
}

export interface Delivery {
  id: string;
  webhookId: string;
  webhookName: string;
  host: string;
  changeId: string;
  tableId: string;
  recordId: string;
  recordVersion: number;
  eventType: EventType;
  state: DeliveryState;
  waitReason: WaitReason | null;
  failureReason: string | null;
  cancelReason: CancelReason | null;
  /** Whether it was sent again, or for a backfill: its attempts carry `tablehook-replay: true`. */
  replay: boolean;
  /** The other changes of its record that were merged into this delivery while it waited (`coalesce`). */
  mergedChangeIds: string[];
  attemptCount: number;
  nextAttemptAt: string | null;
  lastStatus: number | null;
  lastErrorCode: string | null;
  createdAt: string;
  settledAt: string | null;
  /** When its body and the answers to it were expunged: it cannot be sent again. */
  expungedAt: string | null;
  workflow: WorkflowLink;
}

export interface DeliveryWithAttempts extends Delivery {
  attempts: Attempt[];
}

/** `force`: also to a webhook that keeps order and already got a later version of the record. */
export const RedeliverInput = z.strictObject({ force: z.boolean().default(false) }).prefault({});
export type RedeliverInput = z.infer<typeof RedeliverInput>;

export const ListDeliveriesQuery = PageQuery.extend({
  webhookId: WebhookId.optional(),
  tableId: TableId.optional(),
  recordId: AnyRecordId.optional(),
  state: DeliveryState.optional(),
  since: z.iso.datetime({ offset: true }).optional(),
  until: z.iso.datetime({ offset: true }).optional(),
});
export type ListDeliveriesQuery = z.infer<typeof ListDeliveriesQuery>;
