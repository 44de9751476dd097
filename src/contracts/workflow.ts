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
  /** Deliveries of earlier changes that the change goes out in, since their webhooks merge edits; absent when there are none. */
  merged?: { webhookName: string; deliveryId: string }[];
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
  /** The last answer in words; absent when there was no attempt yet. */
  summary?: string;
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
  /** How the change ended, where everything was settled at once and not everything delivered. */
  settledAs?: 'failed' | 'cancelled';
}

/** What came of a shared workflow's changes. A change in `troubled` gets a workflow of its own; one that only waits, when it is woken. */
export interface SharedAttemptsResult {
  /** One line per change, such as "record.updated · Tasks · rec_… · CRM: 200 from crm.example (attempt 1)". */
  changes: Record<string, string>;
  troubled: string[];
  /** Changes that merely wait, with no workflow of their own; absent in histories of earlier versions. */
  held?: string[];
}

/** Result of the workflow `recordChanges`. */
export interface RecordChangesResult {
  changes: Record<string, string>;
  handedOver: string[];
}

/** Result of the workflow: what changed, and one outcome per webhook. */
export interface RecordChangeResult {
  /** In words, such as "record.updated in Tasks, record rec_…, version 2". */
  change: string;
  outcomes: { deliveryId: string; webhook: string; state: SettledResult['state']; summary: string }[];
}

/** Input of the workflow `wake`, which looks after the line of a webhook: the deliveries that are held back. */
export interface WakeInput {
  webhookId: string;
  /** Where an earlier run stopped; absent at the start. */
  after?: string;
}

/** What the Temporal UI may show of the webhook whose line a wake looks after. */
export interface LineOwner {
  name: string;
  method: WebhookMethod;
  host: string;
  tableId: string;
}

/** One step of a wake, and what follows. */
export interface WakeStepResult {
  /** Absent when the webhook was deleted. */
  webhook?: LineOwner;
  /** Deliveries that waited after the step, at most `MOST_COUNTED`. */
  waiting?: number;
  /** What was done, for people: "41 let go". */
  summary: string;
  /** `deliveryId: outcome` of those attempted. */
  outcomes: Record<string, string>;
  /** `again`: at once, behind `after` where given. `wait`: at `at`, or when somebody asks for it sooner. */
  next: { kind: 'again'; after?: string } | { kind: 'wait'; at: string } | { kind: 'done' };
}

/** Input of the workflow `replay`. */
export interface ReplayInput {
  replayId: string;
}

/** One step of a replay: whether there is more, and how long to wait before it. */
export interface ReplayStepResult {
  summary: string;
  /** Whose line it puts deliveries in; absent when there is no such replay. */
  webhook?: { id: string; tableId: string };
  next: { kind: 'again'; afterMs: number } | { kind: 'done' };
}

/** Input of the workflow `testWebhook`. */
export interface WebhookTestInput {
  testId: string;
}

/** What came of the call of a test, in words such as "200 from crm.example in 34 ms". */
export interface TestCallResult {
  summary: string;
}
