import type { ClientSession } from 'mongoose';
import type { Models } from '../../models/models.ts';
import { ofChanges } from '../../models/delivery.ts';
import type { PlannedRange } from './coalesce.ts';

export interface ToldApartInput {
  planned: PlannedRange;
  /** All ranges of the plan: some are not stored yet. */
  ranges: readonly PlannedRange[];
  session: ClientSession;
}

/**
 * Whether the webhook is told of a version within the range by another delivery, or may yet be: its change is not planned.
 * So it can be after a crash, or when a range was full. Those it did not ask for are neither.
 */
export async function isToldApart(
  models: Models,
  { planned, ranges, session }: ToldApartInput,
): Promise<boolean> {
  const { first, last, count } = planned.range;
  if (count === last.recordVersion - first.recordVersion) return false;
  const { tableId, recordId, webhookId } = planned.delivery;
  const within = await models.changes
    .find(
      {
        tableId,
        recordId,
        recordVersion: { $gt: first.recordVersion, $lt: last.recordVersion },
        _id: { $nin: toldBy(planned) },
      },
      { state: 1 },
      { session },
    )
    .lean();
  if (within.length === 0) return false;
  if (within.some(({ state }) => state !== 'planned')) return true;
  const ids = within.map(({ _id }) => _id);
  const others = ranges.filter(({ delivery }) => delivery.webhookId === webhookId);
  if (others.some((other) => toldBy(other).some((id) => ids.includes(id)))) return true;
  const stored = await models.deliveries
    .findOne({ webhookId, ...ofChanges(ids) }, { _id: 1 }, { session })
    .lean();
  return stored !== null;
}

function toldBy({ delivery, added }: PlannedRange): string[] {
  return [delivery.changeId, ...delivery.mergedChangeIds, ...added];
}
