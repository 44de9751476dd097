import type { ClientSession } from 'mongoose';
import type { ExpungeInput, ExpungeResult } from '../../contracts/expunge.ts';
import { ConflictError } from '../../errors.ts';
import type { DeliveryDoc } from '../../models/delivery.ts';
import { ofChanges } from '../../models/delivery.ts';
import type { RequestContext } from '../context.ts';
import { tellCancelled } from '../deliveries/cancel.ts';
import { toCancelAndExpungeEdits, toExpungeEdits } from '../deliveries/expunge-edits.ts';
import { runTransaction } from '../transaction.ts';

/** Changes expunged in one transaction, unless they have more deliveries than go into one. */
const BATCH = 100;
const MAX_DELIVERIES = 500;

const UNPLANNED = { state: { $in: ['pending' as const, 'started' as const] } };

/** All changes of a table, or of one of its records. */
export interface HistoryScope {
  tableId: string;
  recordId?: string;
}

/**
 * Expunges the values of changes, and what their deliveries hold, batch by batch: each in one transaction, so that a plan,
 * a redelivery or a backfill at the same time comes before it or after it, and never brings a value back. What a crash
 * leaves, a repeat finishes. ConflictError, having changed nothing, while something is open, unless `force`; should
 * something be opened meanwhile, all else is expunged.
 */
export async function expungeChanges(
  context: RequestContext,
  { scope, force }: ExpungeInput & { scope: HistoryScope },
): Promise<ExpungeResult> {
  if (!force) await refuseOpen(context, scope);
  const result: ExpungeResult = { deliveries: 0, changes: 0, cancelled: 0 };
  for await (const changeIds of readHistory(context, scope)) {
    const done = await expungeBatch(context, { changeIds, force });
    result.deliveries += done.deliveries;
    result.changes += done.changes;
    result.cancelled += done.cancelled;
  }
  if (!force) await refuseOpen(context, scope);
  return result;
}

async function refuseOpen({ models }: RequestContext, scope: HistoryScope): Promise<void> {
  const open = await models.deliveries.countDocuments({ ...scope, open: true });
  const unplanned = await models.changes.countDocuments({ ...scope, ...UNPLANNED });
  if (open + unplanned === 0) return;
  throw new ConflictError(
    `Open deliveries: ${open}; changes not planned yet: ${unplanned}. Wait until they are settled, or expunge with force to cancel them.`,
  );
}

/** The ids of what is not expunged, oldest first, in batches; what is written meanwhile is no history yet. */
async function* readHistory({ models }: RequestContext, scope: HistoryScope): AsyncGenerator<string[]> {
  const by = scope.recordId === undefined ? '_id' : 'recordVersion';
  const newest = await models.changes
    .findOne({ ...scope }, { recordVersion: 1 })
    .sort({ [by]: -1 })
    .lean();
  if (!newest) return;
  let range: object = { $lte: newest[by] };
  for (;;) {
    const docs = await models.changes
      .find({ ...scope, expungedAt: null, [by]: range }, { recordVersion: 1 })
      .sort({ [by]: 1 })
      .limit(BATCH)
      .lean();
    const last = docs.at(-1);
    if (!last) return;
    yield docs.map(({ _id }) => _id);
    range = { $gt: last[by], $lte: newest[by] };
  }
}

interface BatchInput {
  changeIds: string[];
  force: boolean;
}

async function expungeBatch(
  context: RequestContext,
  { changeIds, force }: BatchInput,
): Promise<ExpungeResult> {
  const { models } = context;
  const count = await models.deliveries.countDocuments(ofChanges(changeIds));
  if (count > MAX_DELIVERIES && changeIds.length > 1) {
    const middle = Math.ceil(changeIds.length / 2);
    const first = await expungeBatch(context, { changeIds: changeIds.slice(0, middle), force });
    const second = await expungeBatch(context, { changeIds: changeIds.slice(middle), force });
    return {
      deliveries: first.deliveries + second.deliveries,
      changes: first.changes + second.changes,
      cancelled: first.cancelled + second.cancelled,
    };
  }
  const { cancelled, withheld, ...result } = await runTransaction(models, async (session) => {
    const found = await readBatch(context, { changeIds, force, session });
    return writeBatch(context, found, session);
  });
  await tellCancelled(context, cancelled);
  return { ...result, cancelled: cancelled.length + withheld };
}

type Touched = Pick<
  DeliveryDoc,
  '_id' | 'changeId' | 'workflowId' | 'webhookId' | 'recordId' | 'ordered' | 'open'
> & {
  /** Absent in what an earlier version stored. */
  mergedChangeIds?: string[];
};

interface FoundBatch {
  changeIds: string[];
  deliveries: Touched[];
  /** Changes that are not planned, and never will be. */
  withheld: number;
}

/** What of the batch is to go: without `force`, nothing of a change that is still to be sent to somebody. */
async function readBatch(
  { models }: RequestContext,
  { changeIds, force, session }: BatchInput & { session: ClientSession },
): Promise<FoundBatch> {
  const projection = {
    changeId: 1,
    mergedChangeIds: 1,
    workflowId: 1,
    webhookId: 1,
    recordId: 1,
    ordered: 1,
    open: 1,
  };
  const deliveries = await models.deliveries
    .find({ ...ofChanges(changeIds), expungedAt: null }, projection, { session })
    .lean();
  const unplanned = await models.changes
    .find({ _id: { $in: changeIds }, ...UNPLANNED }, { _id: 1 }, { session })
    .lean();
  if (force) return { changeIds, deliveries, withheld: unplanned.length };
  const open = deliveries.filter((delivery) => delivery.open);
  const awaited = new Set([...unplanned.map(({ _id }) => _id), ...open.flatMap(changesOf)]);
  const chosen = new Set(changeIds.filter((id) => !awaited.has(id)));
  return {
    changeIds: [...chosen],
    deliveries: deliveries.filter(
      (delivery) => !delivery.open && changesOf(delivery).some((id) => chosen.has(id)),
    ),
    withheld: 0,
  };
}

function changesOf({ changeId, mergedChangeIds = [] }: Touched): string[] {
  return [changeId, ...mergedChangeIds];
}

async function writeBatch(
  { models, clock }: RequestContext,
  { changeIds, deliveries, withheld }: FoundBatch,
  session: ClientSession,
) {
  const now = clock();
  const options = { session, updatePipeline: true };
  const cancelled = deliveries.filter(({ open }) => open);
  const settled = deliveries.filter(({ open }) => !open);
  await models.deliveries.updateMany(byId(cancelled), toCancelAndExpungeEdits(now), options);
  await models.deliveries.updateMany(byId(settled), toExpungeEdits(now), options);
  const changes = await models.changes.updateMany(
    { _id: { $in: changeIds }, expungedAt: null },
    toChangeEdits(now),
    options,
  );
  return { deliveries: deliveries.length, changes: changes.modifiedCount, cancelled, withheld };
}

function byId(docs: readonly { _id: string }[]) {
  return { _id: { $in: docs.map(({ _id }) => _id) } };
}

/** The edits, as stages of an update: which fields differed stays, what they held goes, and nobody plans it any more. */
function toChangeEdits(now: Date) {
  const withoutValues = { fieldId: '$$one.fieldId', fieldName: '$$one.fieldName', from: null, to: null };
  const changes = { $map: { input: '$changes', as: 'one', in: withoutValues } };
  return [
    {
      $set: {
        previous: null,
        record: null,
        changes,
        state: 'planned',
        claimedUntil: null,
        expungedAt: now,
      },
    },
  ];
}
