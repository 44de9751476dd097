/** The text, cut to at most `maxBytes` of UTF-8 (4 or more), with an ellipsis where something was cut. Never half a character. */
export function clip(text: string, maxBytes: number): string {
  let bytes = 0;
  let kept = '';
  let room = '';
  for (const character of text) {
    bytes += utf8Bytes(character);
    if (bytes > maxBytes) return `${room}…`;
    kept += character;
    if (bytes <= maxBytes - ELLIPSIS_BYTES) room = kept;
  }
  return text;
}

const ELLIPSIS_BYTES = 3;

/** Bytes of a text in UTF-8. */
export function utf8Bytes(text: string): number {
  let bytes = 0;
  for (const character of text) {
    const point = character.codePointAt(0) ?? 0;
    bytes += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
  }
  return bytes;
}
