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
    bytes += utf8Bytes(JSON.stringify(recordId)) + 1;
    if (count === max || bytes > MAX_ATTRIBUTE_BYTES) break;
    count += 1;
  }
  return Math.max(1, count);
}

function utf8Bytes(text: string): number {
  let bytes = 0;
  for (const character of text) {
    const point = character.codePointAt(0) ?? 0;
    bytes += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
  }
  return bytes;
}
