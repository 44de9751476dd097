import type { EventType, WorkflowLink } from '../contracts/change.ts';
import type {
  Attempt,
  AttemptOutcome,
  CancelReason,
  Delivery,
  DeliveryState,
  WaitReason,
} from '../contracts/delivery.ts';
import type { WebhookMethod } from '../contracts/webhook.ts';
import type { FailureReason } from '../domain/classify-attempt.ts';
import type { MergeRange } from '../domain/merge-range.ts';
import { defineCollection } from './collection.ts';

export interface AttemptDoc {
  number: number;
  startedAt: Date;
  durationMs: number | null;
  outcome: AttemptOutcome;
  status: number | null;
  errorCode: string | null;
  errorMessage: string | null;
  responseHeaders: Record<string, string>;
  responseBody: string | null;
}

/** The attempt being made right now: `until` outlasts the HTTP limit, and an expired claim may be taken over. */
export interface Claim {
  token: string;
  number: number;
  startedAt: Date;
  until: Date;
}

/**
 * What a delivery that waits for more edits of its record is made of: the range of changes merged into it so far. When it
 * began is the delivery's `owedSince`, when it is sent its `nextAttemptAt`.
 */
export interface MergedRange extends Pick<MergeRange, 'first' | 'last' | 'count' | 'deadline'> {
  /** The edits came to nothing: as things stand, nothing is to be sent. */
  undone: boolean;
  /**
   * Tells it from others of its record that still wait but are due. Two plans that each begin one, unaware of the other,
   * choose the same turn, and the unique index lets one of them win.
   */
  turn: number;
}

/**
 * One change owed to one webhook. `body` holds the exact bytes of every attempt; it is empty where the webhook's template
 * failed on the change, of which `failureReason` tells. `open` mirrors "state is not terminal".
 * `owedSince` is when its horizon began: with the change, or when it was sent again. `heldMs` is time held on purpose, which
 * does not count against the horizon; `waitingSince` the hold still running. `verifyAt` is when the reconciler makes sure
 * that a workflow still looks after it; null while it waits in its webhook's line, which is looked after as a whole.
 * `ordered`: its webhook keeps the order of a record's changes. `replayId` is the last replay that put it in line.
 * `expungedAt` is when its body and the answers to it were expunged: absent while it has them. `untold`: it failed, and its
 * operational event is not told yet.
 */
export interface DeliveryDoc {
  _id: string;
  webhookId: string;
  webhookName: string;
  host: string;
  method: WebhookMethod;
  changeId: string;
  owedSince: Date;
  tableId: string;
  recordId: string;
  recordVersion: number;
  eventType: EventType;
  hops: number;
  workflowId: string;
  body: string;
  state: DeliveryState;
  open: boolean;
  waitReason: WaitReason | null;
  failureReason: FailureReason | null;
  cancelReason: CancelReason | null;
  attemptCount: number;
  nextAttemptAt: Date | null;
  claim: Claim | null;
  waitingSince: Date | null;
  heldMs: number;
  lastStatus: number | null;
  lastErrorCode: string | null;
  attempts: AttemptDoc[];
  createdAt: Date;
  settledAt: Date | null;
  verifyAt: Date | null;
  ordered: boolean;
  replay: boolean;
  replayId: string | null;
  merged: MergedRange | null;
  mergedChangeIds: string[];
  expungedAt?: Date | null;
  untold?: true;
}

export const DeliveryCollection = defineCollection<DeliveryDoc>('deliveries', {
  _id: { type: String, required: true },
  webhookId: { type: String, required: true },
  webhookName: { type: String, required: true },
  host: { type: String, required: true },
  method: { type: String, required: true },
  changeId: { type: String, required: true },
  owedSince: { type: Date, required: true },
  tableId: { type: String, required: true },
  recordId: { type: String, required: true },
  recordVersion: { type: Number, required: true },
  eventType: { type: String, required: true },
  hops: { type: Number, required: true },
  workflowId: { type: String, required: true },
  body: { type: String, required: true },
  state: { type: String, required: true },
  open: { type: Boolean, required: true },
  waitReason: { type: String, default: null },
  failureReason: { type: String, default: null },
  cancelReason: { type: String, default: null },
  attemptCount: { type: Number, required: true },
  nextAttemptAt: { type: Date, default: null },
  claim: { type: Object, default: null },
  waitingSince: { type: Date, default: null },
  heldMs: { type: Number, required: true },
  lastStatus: { type: Number, default: null },
  lastErrorCode: { type: String, default: null },
  attempts: { type: [Object], required: true },
  createdAt: { type: Date, required: true },
  settledAt: { type: Date, default: null },
  verifyAt: { type: Date, default: null },
  ordered: { type: Boolean, required: true },
  replay: { type: Boolean, required: true },
  replayId: { type: String, default: null },
  merged: { type: Object, default: null },
  mergedChangeIds: { type: [String], required: true },
  expungedAt: { type: Date },
  untold: { type: Boolean },
});
DeliveryCollection.schema.index({ changeId: 1, webhookId: 1 }, { unique: true });
DeliveryCollection.schema.index({ webhookId: 1, _id: 1 });
DeliveryCollection.schema.index({ tableId: 1, _id: 1 });
DeliveryCollection.schema.index({ recordId: 1, _id: 1 });
// Those held back, by what holds them: the line of a webhook, oldest change first. The state is in it so that a count of
// them reads no document: a partial index alone does not spare MongoDB the look.
DeliveryCollection.schema.index(
  { webhookId: 1, state: 1, waitReason: 1, changeId: 1 },
  { partialFilterExpression: { state: 'waiting' } },
);
// Those that wait for more edits of their record: to be merged into, and by when they are due.
const COALESCING = { partialFilterExpression: { waitReason: 'coalescing' } };
DeliveryCollection.schema.index(
  { webhookId: 1, recordId: 1, 'merged.turn': 1 },
  { ...COALESCING, unique: true },
);
DeliveryCollection.schema.index({ webhookId: 1, nextAttemptAt: 1 }, COALESCING);
// Open ones of webhooks that keep order: which version of a record is next.
DeliveryCollection.schema.index(
  { webhookId: 1, recordId: 1, recordVersion: 1 },
  { partialFilterExpression: { ordered: true, open: true } },
);
// In which delivery a merged change went out.
DeliveryCollection.schema.index(
  { mergedChangeIds: 1 },
  { partialFilterExpression: { 'merged.undone': { $exists: true } } },
);
// The reconciler's: open deliveries whose workflow is due for a look. What waits in line is not among them.
DeliveryCollection.schema.index(
  { verifyAt: 1 },
  { partialFilterExpression: { open: true, verifyAt: { $type: 'date' } } },
);
DeliveryCollection.schema.index({ settledAt: 1, untold: 1 }, { partialFilterExpression: { untold: true } });

/** What lists read: never the bytes, never the attempts. */
export const DELIVERY_SUMMARY = { body: 0, attempts: 0 } as const;
export type DeliverySummary = Omit<DeliveryDoc, keyof typeof DELIVERY_SUMMARY>;

/** What lines read of a delivery that waits, and the bytes of its body, which decide how many may be under way at a time. */
export const WAITING_DELIVERY = {
  changeId: 1,
  workflowId: 1,
  webhookId: 1,
  tableId: 1,
  recordId: 1,
  recordVersion: 1,
  attemptCount: 1,
  open: 1,
  merged: 1,
  waitingSince: 1,
  createdAt: 1,
  bodyBytes: { $strLenBytes: '$body' },
} as const;
export type WaitingDelivery = Pick<
  DeliveryDoc,
  '_id' | Exclude<keyof typeof WAITING_DELIVERY, 'bodyBytes'>
> & {
  bodyBytes: number;
};

/** Selects the deliveries that any of the changes went out in, its own and those it was merged into. */
export function ofChanges(changeIds: string[]) {
  const mergedChangeIds = { $in: changeIds };
  // The second condition lets the partial index be used.
  return {
    $or: [{ changeId: { $in: changeIds } }, { mergedChangeIds, 'merged.undone': { $exists: true } }],
  };
}

/** The delivery as the API shows it. An expired claim reads as `retrying`: its sender died or was cut off. */
export function toDelivery(
  doc: DeliverySummary,
  now: Date,
  workflowLink: (workflowId: string) => WorkflowLink,
): Delivery {
  const abandoned = doc.state === 'delivering' && doc.claim !== null && doc.claim.until <= now;
  return {
    id: doc._id,
    webhookId: doc.webhookId,
    webhookName: doc.webhookName,
    host: doc.host,
    changeId: doc.changeId,
    tableId: doc.tableId,
    recordId: doc.recordId,
    recordVersion: doc.recordVersion,
    eventType: doc.eventType,
    state: abandoned ? 'retrying' : doc.state,
    waitReason: doc.waitReason,
    failureReason: doc.failureReason,
    cancelReason: doc.cancelReason,
    replay: doc.replay,
    mergedChangeIds: doc.mergedChangeIds,
    attemptCount: doc.attemptCount,
    nextAttemptAt: doc.nextAttemptAt?.toISOString() ?? null,
    lastStatus: doc.lastStatus,
    lastErrorCode: doc.lastErrorCode,
    createdAt: doc.createdAt.toISOString(),
    settledAt: doc.settledAt?.toISOString() ?? null,
    expungedAt: doc.expungedAt?.toISOString() ?? null,
    workflow: workflowLink(doc.workflowId),
  };
}

/** One attempt as the API shows it. */
export function toAttempt(doc: AttemptDoc): Attempt {
  return { ...doc, startedAt: doc.startedAt.toISOString() };
}
