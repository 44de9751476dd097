import type { ClientSession } from 'mongoose';
import type { MergeRange, MergingChange } from '../../domain/merge-range.ts';
import { beginRange, extendRange } from '../../domain/merge-range.ts';
import type { ChangeDoc } from '../../models/change.ts';
import type { DeliveryDoc, DeliverySummary } from '../../models/delivery.ts';
import { DELIVERY_SUMMARY } from '../../models/delivery.ts';
import type { WebhookDoc } from '../../models/webhook.ts';
import type { ServiceContext } from '../context.ts';
import type { MergeContext } from './store-merges.ts';
import { storeMerges } from './store-merges.ts';

type CoalesceContext = Pick<ServiceContext, 'models'>;

/** A delivery planned for a webhook that merges edits; not stored yet. */
export interface Coalescing {
  doc: DeliveryDoc;
  change: ChangeDoc;
  webhook: WebhookDoc;
}

/** A range as this plan leaves it. */
export interface PlannedRange {
  range: MergeRange;
  /** About to be stored, or stored: then without its bytes. */
  delivery: DeliveryDoc | DeliverySummary;
  webhook: WebhookDoc;
  hops: number;
  /** Changes that this plan merges into it. */
  added: string[];
}

export interface CoalesceInput {
  coalescing: readonly Coalescing[];
  session: ClientSession;
}

/** What merging came to: into which deliveries changes were merged, and which stored ones the webhook's template failed on. */
export interface CoalescedPlans {
  mergedInto: Map<string, string>;
  unsendable: DeliverySummary[];
}

/** The delivery waits for more edits of its record. */
export function beginCoalescing(doc: DeliveryDoc, change: ChangeDoc, { delivery }: WebhookDoc): void {
  if (!delivery.coalesce) return;
  const { first, last, count, dueAt, deadline } = beginRange(toMerging(change), delivery.coalesce);
  doc.nextAttemptAt = dueAt;
  doc.merged = { first, last, count, deadline, undone: false, turn: 0 };
}

/**
 * Merges planned deliveries into those of their records that wait for edits, in the plan's transaction: stored ones are
 * updated, planned ones edited. Answers, by the id of each planned one that is not to be stored, the id of the delivery it
 * was merged into. Throws PlannedMeanwhile when such a delivery was sent meanwhile; storing what is left runs into a
 * duplicate key when another plan began one.
 */
export async function coalesce(
  context: MergeContext,
  { coalescing, session }: CoalesceInput,
): Promise<CoalescedPlans> {
  if (coalescing.length === 0) return { mergedInto: new Map(), unsendable: [] };
  const ranges = new Map<string, PlannedRange[]>();
  const open = await findOpen(context, { coalescing, session });
  const mergedInto = new Map<string, string>();
  for (const one of coalescing.toSorted(byVersion)) {
    const key = keyOf(one.doc);
    const own =
      ranges.get(key) ?? open.flatMap((stored) => (keyOf(stored) === key ? toRange(stored, one) : []));
    ranges.set(key, own);
    const range = neighboursOf(own, one.change).find((candidate) => extend(candidate, one));
    if (range) mergedInto.set(one.doc._id, range.delivery._id);
    else own.push(...toRange(one.doc, one));
  }
  const all = [...ranges.values()].flat();
  const begun = coalescing.flatMap(({ doc }) => (mergedInto.has(doc._id) ? [] : [doc]));
  await takeTurns(context, { begun, session });
  const changes = coalescing.map(({ change }) => change);
  const unsendable = await storeMerges(context, { ranges: all, changes, session });
  return { mergedInto, unsendable };
}

function byVersion({ change: one }: Coalescing, { change: other }: Coalescing): number {
  return one.recordVersion - other.recordVersion;
}

function keyOf({ webhookId, recordId }: Pick<DeliveryDoc, 'webhookId' | 'recordId'>): string {
  return `${webhookId} ${recordId}`;
}

function toMerging({ _id, recordVersion, type, createdAt }: ChangeDoc): MergingChange {
  return { changeId: _id, recordVersion, type, at: createdAt };
}

function toRange(delivery: DeliveryDoc | DeliverySummary, { webhook }: Coalescing): PlannedRange[] {
  const { merged, owedSince, nextAttemptAt, hops } = delivery;
  if (!merged || !nextAttemptAt) return [];
  const { first, last, count, deadline } = merged;
  const range = { first, last, count, deadline, firstAt: owedSince, dueAt: nextAttemptAt };
  return [{ range, delivery, webhook, hops, added: [] }];
}

/** The range that begins before the change and the one that begins behind it: with another, ranges would overlap. */
function neighboursOf(ranges: readonly PlannedRange[], { recordVersion }: ChangeDoc): PlannedRange[] {
  const sorted = ranges.toSorted((a, b) => a.range.first.recordVersion - b.range.first.recordVersion);
  const before = sorted.findLast(({ range }) => range.first.recordVersion < recordVersion);
  const behind = sorted.find(({ range }) => range.first.recordVersion > recordVersion);
  return [before, behind].filter((range) => range !== undefined);
}

function extend(planned: PlannedRange, { change, doc, webhook }: Coalescing): boolean {
  const { coalesce: policy } = webhook.delivery;
  const extended = policy ? extendRange(planned.range, toMerging(change), policy) : null;
  if (!extended) return false;
  planned.range = extended;
  planned.hops = Math.max(planned.hops, doc.hops);
  planned.added.push(change._id);
  return true;
}

/** Those due before the oldest change was made are full: a paused webhook may have many. */
async function findOpen(
  { models }: CoalesceContext,
  { coalescing, session }: CoalesceInput,
): Promise<DeliverySummary[]> {
  const oldest = Math.min(...coalescing.map(({ change }) => change.createdAt.getTime()));
  return models.deliveries
    .find(
      {
        ...ofRecords(coalescing.map(({ doc }) => doc)),
        state: 'waiting',
        claim: null,
        nextAttemptAt: { $gte: new Date(oldest) },
      },
      DELIVERY_SUMMARY,
      { session },
    )
    .lean();
}

function ofRecords(deliveries: readonly DeliveryDoc[]) {
  return {
    webhookId: { $in: [...new Set(deliveries.map(({ webhookId }) => webhookId))] },
    recordId: { $in: [...new Set(deliveries.map(({ recordId }) => recordId))] },
    waitReason: 'coalescing' as const,
  };
}

async function takeTurns(
  { models }: CoalesceContext,
  { begun, session }: { begun: readonly DeliveryDoc[]; session: ClientSession },
): Promise<void> {
  if (begun.length === 0) return;
  const lasts = await models.deliveries
    .aggregate<{ _id: { webhookId: string; recordId: string }; turn: number }>([
      { $match: ofRecords(begun) },
      {
        $group: {
          _id: { webhookId: '$webhookId', recordId: '$recordId' },
          turn: { $max: '$merged.turn' },
        },
      },
    ])
    .session(session);
  const turns = new Map(lasts.map(({ _id, turn }) => [keyOf(_id), turn]));
  for (const doc of begun) {
    const turn = (turns.get(keyOf(doc)) ?? 0) + 1;
    turns.set(keyOf(doc), turn);
    if (doc.merged) doc.merged.turn = turn;
  }
}
