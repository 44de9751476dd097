import type { ClientSession } from 'mongoose';
import { pickExpired } from '../../domain/pick-expired.ts';
import type { AgedChange, StoredVersions } from '../../domain/pick-expired.ts';
import type { Retention } from '../../domain/retention.ts';
import { daysBefore } from '../../domain/retention.ts';
import { ofChanges } from '../../models/delivery.ts';
import type { ServiceContext } from '../context.ts';
import { EVENTS_TABLE_ID } from '../events/system-table.ts';
import { lowestIdAt } from '../id.ts';
import { runTransaction } from '../transaction.ts';

type ExpireContext = Pick<ServiceContext, 'models' | 'clock'>;

export interface ExpireChangesInput {
  retention: Retention;
  /** Where the round before ended; null begins with the oldest. */
  after: string | null;
  /** Changes looked at. */
  limit: number;
}

/** What one round took away, and where to go on; null at the end of what is old enough. */
export interface ExpireResult {
  changes: number;
  records: number;
  next: string | null;
}

/**
 * Deletes changes that are past their retention and that nobody needs any more: planned, without a delivery left, and not
 * what a record that is there was made by. With the last change of a deleted record goes its tombstone; operational events
 * go whole, as late as what failed. Walks the ids, which sort by time, so it may stop and go on anywhere; any number may run.
 */
export async function expireChanges(
  context: ExpireContext,
  { retention, after, limit }: ExpireChangesInput,
): Promise<ExpireResult> {
  const { models, clock } = context;
  const before = lowestIdAt('chg', daysBefore(clock(), retention.days));
  const eventsBefore = lowestIdAt('chg', daysBefore(clock(), retention.failedDays));
  const docs = await models.changes
    .find(
      { _id: { ...(after !== null && { $gt: after }), $lt: before } },
      { tableId: 1, recordId: 1, recordVersion: 1, type: 1, state: 1 },
    )
    .sort({ _id: 1 })
    .limit(limit)
    .lean();
  const next = docs.length < limit ? null : (docs.at(-1)?._id ?? null);
  const aged = docs
    .filter(({ state }) => state === 'planned')
    .map(({ _id, ...change }) => ({ ...change, changeId: _id }));
  const found = await findExpired(context, { aged, eventsBefore, session: null });
  if (found.changeIds.length === 0) return { changes: 0, records: 0, next };
  // A backfill writes to the changes it sends: one that came to need them since makes this look again.
  const deleted = await runTransaction(models, async (session) => {
    const expired = await findExpired(context, { aged, eventsBefore, session });
    return removeExpired(context, { ...expired, session });
  });
  return { ...deleted, next };
}

interface FindExpiredInput {
  aged: AgedChange[];
  eventsBefore: string;
  session: ClientSession | null;
}

async function findExpired(
  context: ExpireContext,
  { aged, eventsBefore, session }: FindExpiredInput,
): Promise<ReturnType<typeof pickExpired>> {
  if (aged.length === 0) return { changeIds: [], ended: [] };
  const heard = await findWithDelivery(context, aged, session);
  const versions = await readVersions(context, aged, session);
  const backfills = await context.models.replays
    .find({ state: 'running', backfill: { $ne: null } }, { tableId: 1 }, { session })
    .lean();
  const backfilled = new Set(backfills.map(({ tableId }) => tableId));
  const there = await findTables(context, aged, session);
  return pickExpired(aged, {
    isNeeded: ({ changeId, tableId }) => heard.has(changeId) || backfilled.has(tableId),
    versionsOf: (change) => versions.get(keyOf(change)) ?? { last: Infinity, count: 0 },
    isForgotten: ({ changeId, tableId }) =>
      tableId === EVENTS_TABLE_ID ? changeId < eventsBefore : !there.has(tableId),
  });
}

/** Which of the changes have a delivery left, their own or one they were merged into. */
async function findWithDelivery(
  { models }: ExpireContext,
  aged: readonly AgedChange[],
  session: ClientSession | null,
): Promise<ReadonlySet<string>> {
  // What an earlier version stored and settled has no list of merged changes.
  const deliveries: { changeId: string; mergedChangeIds?: string[] }[] = await models.deliveries
    .find(ofChanges(aged.map(({ changeId }) => changeId)), { changeId: 1, mergedChangeIds: 1 }, { session })
    .lean();
  return new Set(deliveries.flatMap(({ changeId, mergedChangeIds = [] }) => [changeId, ...mergedChangeIds]));
}

/** Of the records of the changes, how much is stored: from the index of versions alone. */
async function readVersions(
  { models }: ExpireContext,
  aged: readonly AgedChange[],
  session: ClientSession | null,
): Promise<ReadonlyMap<string, StoredVersions>> {
  const byTable = new Map<string, Set<string>>();
  for (const { tableId, recordId } of aged) {
    byTable.set(tableId, (byTable.get(tableId) ?? new Set()).add(recordId));
  }
  const records = [...byTable].map(([tableId, ids]) => ({ tableId, recordId: { $in: [...ids] } }));
  const found = await models.changes
    .aggregate<StoredVersions & { _id: Pick<AgedChange, 'tableId' | 'recordId'> }>([
      { $match: { $or: records } },
      {
        $group: {
          _id: { tableId: '$tableId', recordId: '$recordId' },
          last: { $max: '$recordVersion' },
          count: { $sum: 1 },
        },
      },
    ])
    .session(session);
  return new Map(found.map(({ _id, last, count }) => [keyOf(_id), { last, count }]));
}

function keyOf({ tableId, recordId }: Pick<AgedChange, 'tableId' | 'recordId'>): string {
  return `${tableId} ${recordId}`;
}

async function findTables(
  { models }: ExpireContext,
  aged: readonly AgedChange[],
  session: ClientSession | null,
): Promise<ReadonlySet<string>> {
  const ids = [...new Set(aged.map(({ tableId }) => tableId))];
  const tables = await models.tables.find({ _id: { $in: ids } }, { _id: 1 }, { session }).lean();
  return new Set(tables.map(({ _id }) => _id));
}

async function removeExpired(
  { models }: ExpireContext,
  { changeIds, ended, session }: ReturnType<typeof pickExpired> & { session: ClientSession },
): Promise<Omit<ExpireResult, 'next'>> {
  const changes = await models.changes.deleteMany({ _id: { $in: changeIds }, state: 'planned' }, { session });
  const recordIds = ended.map(({ recordId }) => recordId);
  const records = await models.records.deleteMany({ _id: { $in: recordIds } }, { session });
  return { changes: changes.deletedCount, records: records.deletedCount };
}
