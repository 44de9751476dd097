/** What one shared workflow can hold. */
export interface ShareLimits {
  /** Changes, at most. */
  changes: number;
  /** Of JSON, that Temporal takes as the value of one search attribute. */
  attributeBytes: number;
}

/** Of the list's brackets, and of what the SDK may say of its type. */
const OVERHEAD_BYTES = 48;

/**
 * How many of the waiting changes, from the first on, fit into one shared workflow: as many as may share, and no more than
 * its search attributes can list, so that every change can be found by its record. At least 1.
 */
export function countSharers(changes: readonly { recordId: string }[], limits: ShareLimits): number {
  let bytes = OVERHEAD_BYTES;
  let count = 0;
  for (const { recordId } of changes) {
    // Quoted, with a comma; every quote or backslash in it may be escaped.
    bytes += new TextEncoder().encode(JSON.stringify(recordId)).length + 1;
    if (count === limits.changes || bytes > limits.attributeBytes) break;
    count += 1;
  }
  return Math.max(1, count);
}
