import type { EventType } from '../contracts/change.ts';
import type { CoalescePolicy } from '../contracts/policies.ts';

/** One end of a range of changes. */
export interface RangeEnd {
  changeId: string;
  recordVersion: number;
  type: EventType;
}

/** Changes of one record, one delivery together. `count`: how many were merged into the first that was planned. */
export interface MergeRange {
  first: RangeEnd;
  last: RangeEnd;
  count: number;
  /** When the first change was made. */
  firstAt: Date;
  /** When the range is sent. */
  dueAt: Date;
  /** When it is sent at the latest, however many changes come. */
  deadline: Date;
}

/** A change that looks for a range to be merged into. */
export interface MergingChange extends RangeEnd {
  at: Date;
}

/** More than a person does; a program that writes without end gets several deliveries. */
const MAX_MERGED = 1_000;

/** The range that begins with a change. */
export function beginRange({ at, ...end }: MergingChange, policy: CoalescePolicy): MergeRange {
  return {
    first: end,
    last: end,
    count: 0,
    firstAt: at,
    dueAt: after(at, policy.waitMs),
    deadline: after(at, policy.maxWaitMs),
  };
}

/**
 * The range with the change in it; null when the change belongs into another. Changes may come out of order. Whether one
 * came in time depends on when it was made, not on when it is asked: so neither a slow worker nor a pause, during which
 * a range that is due still waits, decides what the endpoint is told together. Nothing goes behind a delete.
 */
export function extendRange(
  range: MergeRange,
  { at, ...end }: MergingChange,
  { waitMs, maxWaitMs }: CoalescePolicy,
): MergeRange | null {
  const { first, last, count } = range;
  if (end.recordVersion > first.recordVersion && end.recordVersion < last.recordVersion) {
    return { ...range, count: count + 1 };
  }
  if (count >= MAX_MERGED) return null;
  if (end.recordVersion > last.recordVersion) {
    if (at > range.dueAt || !mayFollow(last, end)) return null;
    const dueAt = later(range.dueAt, earlier(after(at, waitMs), range.deadline));
    return { ...range, last: end, count: count + 1, dueAt };
  }
  if (range.firstAt > after(at, waitMs) || !mayFollow(end, first)) return null;
  const deadline = earlier(range.deadline, after(at, maxWaitMs));
  const dueAt = earlier(range.dueAt, deadline);
  return { ...range, first: end, count: count + 1, firstAt: earlier(range.firstAt, at), deadline, dueAt };
}

/** A record deleted and created again is told twice. */
function mayFollow(one: RangeEnd, next: RangeEnd): boolean {
  return one.type !== 'record.deleted' && next.type !== 'record.created';
}

function after(at: Date, ms: number): Date {
  return new Date(at.getTime() + ms);
}

function earlier(one: Date, other: Date): Date {
  return one < other ? one : other;
}

function later(one: Date, other: Date): Date {
  return one > other ? one : other;
}
