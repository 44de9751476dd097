import type { ChangeState, EventType } from '../../contracts/change.ts';
import type { ChangeDoc } from '../../models/change.ts';
import { selectUnheard } from './backfill.ts';
import { findHeard } from './heard.ts';
import type { Selection, SelectionContext, SelectionInput } from './selection.ts';

/** Versions of records looked at together. */
const PAGE = 1_000;

/**
 * The records a table has, kept or reported, whose latest change the webhook has no delivery of: those that were there when
 * the replay was made, as they are when their turn comes, by id. What is written meanwhile reaches the webhook by itself.
 * The cursor is a record.
 */
export function selectRecords(context: SelectionContext, input: SelectionInput): Selection {
  const { replay, webhook } = input;
  return selectUnheard(context, {
    ...input,
    created: true,
    read: async (cursor) => {
      const { latest, isLast } = await readLatest(context, { tableId: replay.tableId, cursor });
      const changeIds = latest.map(({ changeId }) => changeId);
      const heard = await findHeard(context, { webhookId: webhook._id, changeIds });
      const unheard = latest.filter(
        ({ changeId, type, isExpunged }) => type !== 'record.deleted' && !isExpunged && !heard.has(changeId),
      );
      const there = await withoutNewer(context, { tableId: replay.tableId, until: replay.until, unheard });
      return {
        candidates: there.map(({ recordId, changeId, state }) => ({
          changeId,
          planned: state === 'planned',
          cursor: recordId,
        })),
        cursor: latest.at(-1)?.recordId ?? cursor,
        isLast,
      };
    },
  });
}

interface LatestChange {
  recordId: string;
  changeId: string;
  type: EventType;
  state: ChangeState;
  isExpunged: boolean;
}

/** The latest change of each of the next records, by record id: every record has one. */
async function readLatest(
  { models }: SelectionContext,
  { tableId, cursor }: { tableId: string; cursor: string | null },
): Promise<{ latest: LatestChange[]; isLast: boolean }> {
  const versions = await models.changes
    .find({ tableId, ...(cursor !== null && { recordId: { $gt: cursor } }) }, { recordId: 1, ...LATEST })
    .sort({ recordId: 1, recordVersion: 1 })
    .limit(PAGE)
    .lean();
  const byRecord = new Map(versions.map((version) => [version.recordId, toLatest(version)]));
  const latest = [...byRecord.values()];
  if (versions.length < PAGE) return { latest, isLast: true };
  // The page may end in the middle of its last record.
  const last = latest.pop();
  if (latest.length > 0 || !last) return { latest, isLast: false };
  const { recordId } = last;
  const doc = await models.changes
    .findOne({ tableId, recordId }, { recordId: 1, ...LATEST })
    .sort({ recordVersion: -1 })
    .lean();
  return { latest: doc ? [toLatest(doc)] : [], isLast: false };
}

const LATEST = { type: 1, state: 1, expungedAt: 1 } as const;

function toLatest({
  _id,
  recordId,
  type,
  state,
  expungedAt,
}: Pick<ChangeDoc, '_id' | 'recordId' | 'type' | 'state' | 'expungedAt'>): LatestChange {
  return { recordId, changeId: _id, type, state, isExpunged: (expungedAt ?? null) !== null };
}

/** Leaves out records that came to be after the replay was made. */
async function withoutNewer(
  { models }: SelectionContext,
  { tableId, until, unheard }: { tableId: string; until: string; unheard: LatestChange[] },
): Promise<LatestChange[]> {
  const touched = unheard.filter(({ changeId }) => changeId > until).map(({ recordId }) => recordId);
  if (touched.length === 0) return unheard;
  const older = await models.changes.distinct('recordId', {
    tableId,
    recordId: { $in: touched },
    _id: { $lte: until },
  });
  const wasThere = new Set<unknown>(older);
  return unheard.filter(({ changeId, recordId }) => changeId <= until || wasThere.has(recordId));
}
