import type { EventType } from '../contracts/change.ts';

/** A change old enough to go, as far as its age is concerned. */
export interface AgedChange {
  changeId: string;
  tableId: string;
  recordId: string;
  recordVersion: number;
  type: EventType;
}

/** What is still stored of a record's history. */
export interface StoredVersions {
  last: number;
  count: number;
}

/** What decides whether a change goes, besides its age. */
export interface ExpiryFacts {
  /** A delivery of it is left, or something under way is going to read it. */
  isNeeded: (change: AgedChange) => boolean;
  versionsOf: (change: AgedChange) => StoredVersions;
  /** Nothing is to be kept of a record whose latest change this is, its deletion or not. */
  isForgotten: (change: AgedChange) => boolean;
}

/**
 * Which of these changes go. The latest one of a record stays while the record does; of one that was deleted it goes last
 * of all, so that no version is ever given twice. `ended` are records that nothing is left of.
 */
export function pickExpired(
  changes: readonly AgedChange[],
  { isNeeded, versionsOf, isForgotten }: ExpiryFacts,
): { changeIds: string[]; ended: AgedChange[] } {
  const unneeded = changes.filter((change) => !isNeeded(change));
  const superseded = unneeded.filter((change) => change.recordVersion < versionsOf(change).last);
  const ended = unneeded.filter((change) => {
    const { last, count } = versionsOf(change);
    if (change.recordVersion < last || !(change.type === 'record.deleted' || isForgotten(change))) {
      return false;
    }
    const going = superseded.filter((other) => isSameRecord(change, other)).length;
    return count === going + 1;
  });
  return { changeIds: [...superseded, ...ended].map(({ changeId }) => changeId), ended };
}

function isSameRecord(one: AgedChange, other: AgedChange): boolean {
  return one.tableId === other.tableId && one.recordId === other.recordId;
}
