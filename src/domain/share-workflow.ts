/** What one shared workflow can hold. */
export interface ShareLimits {
  /** Changes, at most. */
  changes: number;
  /** Of JSON, that Temporal takes as the value of one search attribute. */
  attributeBytes: number;
}

/** A change that waits for its workflow. */
export interface Sharer {
  recordId: string;
  /** About how many bytes its values take. */
  weight: number;
}

/** Of values, that are read and planned together, about. */
const MAX_VALUE_BYTES = 2 * 1024 * 1024;
/** Of the list's brackets, and of what the SDK may say of its type. */
const OVERHEAD_BYTES = 48;

/**
 * How many of the waiting changes, from the first on, fit into one shared workflow: as many as may share, and no more than
 * its search attributes can list, so that every change can be found by its record, nor than can be planned together. At
 * least 1.
 */
export function countSharers(changes: readonly Sharer[], limits: ShareLimits): number {
  let bytes = OVERHEAD_BYTES;
  let weight = 0;
  let count = 0;
  for (const sharer of changes) {
    // Quoted, with a comma; every quote or backslash in it may be escaped.
    bytes += new TextEncoder().encode(JSON.stringify(sharer.recordId)).length + 1;
    weight += sharer.weight;
    if (count === limits.changes || bytes > limits.attributeBytes || weight > MAX_VALUE_BYTES) break;
    count += 1;
  }
  return Math.max(1, count);
}
