import type { Standing, Unsettled } from '../../contracts/diagnosis.ts';
import { Standing as Standings } from '../../contracts/diagnosis.ts';
import type { ServiceContext } from '../context.ts';

export type MeasureContext = Pick<ServiceContext, 'models' | 'clock'>;

/** What is due is begun within seconds, and what got lost is found within about a minute: after this time something is wrong. */
export const OVERDUE_AFTER_MS = 2 * 60_000;

/** No measure may take longer. */
const MAX_TIME_MS = 5_000;
/** Changes that are not planned are counted up to so many. */
const MOST_UNPLANNED = 100_000;

/** Some that stand alike, and the oldest of them. */
interface Measured {
  count: number;
  since: Date | null;
  changeId: string | null;
}

/**
 * Counts what is not settled, by where it stands, and tells the oldest of each. Reads indexes, and of deliveries those with
 * a workflow of their own. Rejects when MongoDB takes longer than 5 s.
 */
export async function measureUnsettled(context: MeasureContext): Promise<Unsettled[]> {
  const now = context.clock();
  const [unplanned, waiting, others] = await Promise.all([
    measureUnplanned(context),
    measureWaiting(context),
    measureOthers(context, now),
  ]);
  const found = new Map<Standing, Measured>([...others, ['not-planned', unplanned], ['waiting', waiting]]);
  return Standings.options.map((standing) => {
    const { count, since, changeId } = found.get(standing) ?? NONE;
    const oldestSeconds = since && Math.max(0, Math.round((now.getTime() - since.getTime()) / 1000));
    return { standing, count, oldestSeconds, oldestChangeId: changeId };
  });
}

const NONE: Measured = { count: 0, since: null, changeId: null };

const UNPLANNED = { state: { $in: ['pending' as const, 'started' as const] } };
const BY_CLAIM = { claimedUntil: 1, _id: 1 } as const;

/** Of those nobody has in hand the index has the oldest first; those in hand are few. */
async function measureUnplanned({ models }: MeasureContext): Promise<Measured> {
  const oldestOf = async (claimedUntil: null | { $gt: Date }) =>
    models.changes
      .find({ ...UNPLANNED, claimedUntil }, { createdAt: 1 }, { hint: BY_CLAIM, maxTimeMS: MAX_TIME_MS })
      .sort({ _id: 1 })
      .limit(1)
      .lean();
  const [free, claimed, count] = await Promise.all([
    oldestOf(null),
    oldestOf({ $gt: new Date(0) }),
    models.changes.countDocuments(UNPLANNED, {
      hint: BY_CLAIM,
      limit: MOST_UNPLANNED,
      maxTimeMS: MAX_TIME_MS,
    }),
  ]);
  const [oldest] = [...free, ...claimed].toSorted((a, b) => (a._id < b._id ? -1 : 1));
  return { count, since: oldest?.createdAt ?? null, changeId: oldest?._id ?? null };
}

/** From an index alone, but for the oldest; of what was sent again, the time since it waits counts. */
async function measureWaiting({ models }: MeasureContext): Promise<Measured> {
  const [found] = await models.deliveries.aggregate<{ count: number; changeId: string }>(
    [
      { $match: { state: 'waiting' } },
      { $group: { _id: null, count: { $sum: 1 }, changeId: { $min: '$changeId' } } },
    ],
    { hint: { webhookId: 1, state: 1, waitReason: 1, changeId: 1 }, maxTimeMS: MAX_TIME_MS },
  );
  if (!found) return NONE;
  const oldest = await models.deliveries
    .findOne({ changeId: found.changeId, state: 'waiting' }, { owedSince: 1, createdAt: 1 })
    .lean();
  return {
    count: found.count,
    since: oldest && later(oldest.owedSince, oldest.createdAt),
    changeId: found.changeId,
  };
}

/** Deliveries that do not wait, each with somebody who looks after it. */
async function measureOthers({ models }: MeasureContext, now: Date): Promise<[Standing, Measured][]> {
  const groups = await models.deliveries.aggregate<Measured & { _id: Standing }>(
    [
      { $match: { open: true, verifyAt: { $type: 'date' }, state: { $ne: 'waiting' } } },
      { $project: { changeId: 1, since: OWED_SINCE, standing: toStanding(now) } },
      { $sort: { since: 1 } },
      {
        $group: {
          _id: '$standing',
          count: { $sum: 1 },
          since: { $first: '$since' },
          changeId: { $first: '$changeId' },
        },
      },
    ],
    { maxTimeMS: MAX_TIME_MS, allowDiskUse: true },
  );
  return groups.map(({ _id, ...measured }) => [_id, measured]);
}

/** A change may be planned, or reported, long after it was made. */
const OWED_SINCE = { $max: ['$owedSince', '$createdAt'] };

/** An expression over an open delivery that does not wait. */
function toStanding(now: Date) {
  const longAgo = new Date(now.getTime() - OVERDUE_AFTER_MS);
  const pick = (isOverdue: object, otherwise: Standing) => cond(isOverdue, OVERDUE, otherwise);
  return cond(
    { $ne: [{ $ifNull: ['$claim', null] }, null] },
    pick({ $lte: ['$claim.until', longAgo] }, 'under-way'),
    cond(
      { $eq: ['$state', 'retrying'] },
      pick({ $lte: ['$nextAttemptAt', longAgo] }, 'retrying'),
      pick({ $lte: [OWED_SINCE, longAgo] }, 'under-way'),
    ),
  );
}

function cond(condition: object, met: Standing | object, otherwise: Standing | object) {
  return { $cond: [condition, met, otherwise] };
}

const OVERDUE: Standing = 'overdue';

function later(a: Date, b: Date): Date {
  return a > b ? a : b;
}

/** Ids of deliveries that are overdue, at most `limit`. */
export async function findOverdue({ models, clock }: MeasureContext, limit: number): Promise<string[]> {
  const isOverdue = { $expr: { $eq: [toStanding(clock()), OVERDUE] } };
  const found = await models.deliveries
    .find({ open: true, verifyAt: { $type: 'date' }, state: { $ne: 'waiting' }, ...isOverdue }, { _id: 1 })
    .limit(limit)
    .maxTimeMS(MAX_TIME_MS)
    .lean();
  return found.map(({ _id }) => _id);
}
