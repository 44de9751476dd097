const FEWEST_DIFFERENT_BYTES = 16;

/**
 * Why 32 bytes are no random key, or null: few different ones, a sequence, or readable text. Random bytes are refused less
 * than once in 10^13.
 */
export function weaknessOf(bytes: Uint8Array): string | null {
  if (new Set(bytes).size < FEWEST_DIFFERENT_BYTES) return 'repeats the same bytes';
  const steps = bytes.map((byte, index) => byte - (bytes[index - 1] ?? 0)).subarray(1);
  if (new Set(steps).size === 1) return 'is a sequence of bytes';
  if (bytes.every((byte) => byte >= 0x20 && byte < 0x7f)) return 'is readable text';
  return null;
}
