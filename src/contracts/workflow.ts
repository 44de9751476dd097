import type { EventType } from './change.ts';
import type { DeliveryState, WaitReason } from './delivery.ts';
import type { WebhookMethod } from './webhook.ts';

/** Input of the workflow `recordChange`: an id and nothing else, since histories are readable by many. */
export interface RecordChangeInput {
  changeId: string;
}

/** Input of the workflow `recordChanges`, which changes that waited together share. */
export interface RecordChangesInput {
  changeIds: string[];
}

/** One delivery of a plan, with what the Temporal UI may show of it. */
export interface PlannedDelivery {
  deliveryId: string;
  webhookId: string;
  webhookName: string;
  method: WebhookMethod;
  host: string;
  state: DeliveryState;
}

/** What planning a change came to; planning again answers the same deliveries. */
export interface PlanResult {
  tableName: string;
  recordId: string;
  recordVersion: number;
  eventType: EventType;
  deliveries: PlannedDelivery[];
}

/** How a delivery ended. */
export interface SettledResult {
  kind: 'settled';
  state: 'delivered' | 'failed' | 'cancelled';
  attemptCount: number;
  lastStatus: number | null;
  /** In words, such as "404 from crm.example". */
  summary: string;
}

/** Held back on purpose; a wake-up or the fallback timer asks again. */
export interface HeldResult {
  kind: 'held';
  reason: WaitReason;
}

/** Another attempt is due. `attemptCount` 0: none was made yet. */
export interface RetryResult {
  kind: 'retry';
  attemptCount: number;
  nextAttemptAt: string;
  summary: string;
}

/** The first attempt was not made on the fast path, or has not ended yet: the durable one sees to it. */
export interface DeferredResult {
  kind: 'deferred';
}

export type FirstAttemptResult = SettledResult | RetryResult | DeferredResult | HeldResult;
export type AttemptActivityResult = SettledResult | HeldResult;

/** A plan with what came of its first attempts: one result per delivery, in the plan's order. */
export interface FirstAttemptsResult {
  plan: PlanResult;
  results: FirstAttemptResult[];
}

/** What came of a shared workflow's changes. A change in `troubled` gets a workflow of its own; one that only waits, when it is woken. */
export interface SharedAttemptsResult {
  /** One line per change, such as "record.updated · Tasks · rec_… · CRM: 200 from crm.example (attempt 1)". */
  changes: Record<string, string>;
  troubled: string[];
}

/** Result of the workflow `recordChanges`. */
export interface RecordChangesResult {
  changes: Record<string, string>;
  handedOver: string[];
}

/** Result of the workflow: one outcome per webhook. */
export interface RecordChangeResult {
  outcomes: { deliveryId: string; webhook: string; state: SettledResult['state']; summary: string }[];
}

/** Input of the workflow `wake`: lets the held deliveries of a webhook ask for admission again. */
export interface WakeInput {
  webhookId: string;
  /** Where an earlier run stopped; absent at the start. */
  after?: string;
}

/** One step of a wake: how many were woken, and where to go on; null when all are. */
export interface WakeBatchResult {
  woken: number;
  next: string | null;
}
