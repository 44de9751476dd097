/** Temporal takes at most 2,048 bytes of JSON per search attribute (limit.searchAttributesSizeOfValueLimit). */
const MAX_ATTRIBUTE_BYTES = 2_000;

/**
 * How many of the waiting changes, from the first on, fit into one shared workflow: at most `max`, and no more than its
 * search attributes can list, so that every change can be found by its record. At least 1.
 */
export function countSharers(changes: readonly { recordId: string }[], max: number): number {
  let bytes = 0;
  let count = 0;
  for (const { recordId } of changes) {
    // Quoted, with a comma; every quote or backslash in it may be escaped.
    bytes += new TextEncoder().encode(JSON.stringify(recordId)).length + 1;
    if (count === max || bytes > MAX_ATTRIBUTE_BYTES) break;
    count += 1;
  }
  return Math.max(1, count);
}
