import type { ClientSession } from 'mongoose';
import { mergeChanges } from '../../domain/merge-changes.ts';
import type { RenderableChange } from '../../domain/render-body.ts';
import type { ChangeDoc } from '../../models/change.ts';
import { toRenderable } from '../../models/change.ts';
import type { DeliveryDoc, DeliverySummary } from '../../models/delivery.ts';
import type { ServiceContext } from '../context.ts';
import type { PlannedRange } from './coalesce.ts';
import { isToldApart } from './told-apart.ts';
import { PlannedMeanwhile } from './planned-meanwhile.ts';
import type { RenderContext } from './unsendable.ts';
import { renderFor, toBytes, toUnsendableEdits } from './unsendable.ts';

const STILL_WAITING = { state: 'waiting', waitReason: 'coalescing', claim: null } as const;

export type MergeContext = Pick<ServiceContext, 'models' | 'clock'> & RenderContext;

export interface StoreMergesInput {
  ranges: readonly PlannedRange[];
  /** Changes that were read already. */
  changes: readonly ChangeDoc[];
  session: ClientSession;
}

/**
 * Writes what changes were merged into ranges, with the bytes that follow: into stored deliveries, conditional on their
 * still waiting for edits, and into those about to be stored. Answers the stored ones that the webhook's template failed
 * on, which are settled; of those about to be stored, they say so themselves. Throws PlannedMeanwhile when one waits no
 * longer.
 */
export async function storeMerges(
  context: MergeContext,
  { ranges, changes, session }: StoreMergesInput,
): Promise<DeliverySummary[]> {
  const touched = ranges.filter(({ added }) => added.length > 0);
  const ends = await readEnds(context, { ranges: touched, changes, session });
  const updates = [];
  const unsendable: DeliverySummary[] = [];
  for (const planned of touched) {
    const { delivery, added } = planned;
    const told = await toTold(context, planned, { ranges, ends, session });
    const edits = toEdits(context, planned, told);
    if ('body' in delivery) {
      Object.assign(delivery, edits, { mergedChangeIds: added });
    } else {
      if (edits.failureReason) {
        Object.assign(edits, toUnsendableEdits(context.clock()));
        const mergedChangeIds = [...delivery.mergedChangeIds, ...added];
        unsendable.push({ ...delivery, ...edits, mergedChangeIds });
      }
      updates.push({
        updateOne: {
          filter: { _id: delivery._id, ...STILL_WAITING },
          update: { $set: edits, $push: { mergedChangeIds: { $each: added } } },
        },
      });
    }
  }
  if (updates.length === 0) return [];
  const { matchedCount } = await context.models.deliveries.bulkWrite(updates, { session });
  if (matchedCount !== updates.length) throw new PlannedMeanwhile('a delivery waits for edits no longer');
  return unsendable;
}

/** The first and last change of each range; those this plan is not about have to be read again for their values. */
async function readEnds(
  { models }: MergeContext,
  { ranges, changes, session }: StoreMergesInput,
): Promise<Map<string, ChangeDoc>> {
  const ends = new Map(changes.map((change) => [change._id, change]));
  const wanted = ranges.flatMap(({ range }) => [range.first.changeId, range.last.changeId]);
  const missing = wanted.filter((id) => !ends.has(id));
  if (missing.length === 0) return ends;
  const read = await models.changes.find({ _id: { $in: missing } }, null, { session }).lean();
  for (const change of read) ends.set(change._id, change);
  return ends;
}

interface ToToldInput {
  ranges: readonly PlannedRange[];
  ends: ReadonlyMap<string, ChangeDoc>;
  session: ClientSession;
}

/**
 * What the range comes to; null when that is nothing. When a version within is told apart from it, the endpoint hears of
 * a state that is not the last one: then the last change is told after all.
 */
async function toTold(
  { models }: MergeContext,
  planned: PlannedRange,
  { ranges, ends, session }: ToToldInput,
): Promise<RenderableChange | null> {
  const [first, last] = [endOf(ends, planned.range.first), endOf(ends, planned.range.last)];
  const change = mergeChanges(toRenderable(first), toRenderable(last));
  if (change) return change;
  return (await isToldApart(models, { planned, ranges, session })) ? toRenderable(last) : null;
}

function toEdits(
  context: MergeContext,
  { range, delivery, webhook, hops }: PlannedRange,
  told: RenderableChange | null,
): Partial<DeliveryDoc> {
  const { first, last, count, deadline, firstAt, dueAt } = range;
  return {
    owedSince: firstAt,
    nextAttemptAt: dueAt,
    recordVersion: last.recordVersion,
    eventType: told?.type ?? last.type,
    hops,
    merged: { first, last, count, deadline, undone: told === null, turn: delivery.merged?.turn ?? 0 },
    // While nothing is to be sent, the bytes before stay: an edit to come may make something of it again.
    ...(told ? toBytes(renderFor(context, webhook, told)) : { failureReason: null }),
  };
}

function endOf(ends: ReadonlyMap<string, ChangeDoc>, { changeId }: { changeId: string }): ChangeDoc {
  const change = ends.get(changeId);
  if (!change) throw new Error(`the change ${changeId} is gone, which was merged into a delivery`);
  return change;
}
