export interface ResponseBytes {
  bytes: Buffer;
  /** More followed, so the last character may be cut. */
  truncated: boolean;
  contentType: string | undefined;
  contentEncoding: string | undefined;
}

const BINARY_TYPE = /^(audio|font|image|video)\/(?!svg)|^application\/(octet-stream|pdf|zip|gzip|wasm)\b/i;
// Text in another charset has a few bytes that are not UTF-8; other data has many.
const MAX_UNREADABLE_SHARE = 0.1;

/** A response body as text, lossily decoded as UTF-8; a note in brackets for what is not text; null for none. */
export function toResponseText(body: ResponseBytes): string | null {
  const { bytes, truncated, contentType = '', contentEncoding = '' } = body;
  if (bytes.length === 0) return null;
  if (!/^(identity)?$/i.test(contentEncoding.trim())) return '[compressed body, not shown]';
  if (BINARY_TYPE.test(contentType) || bytes.includes(0)) return '[binary body, not shown]';
  // In stream mode the decoder holds back a character that the cut left incomplete.
  const text = new TextDecoder('utf-8').decode(bytes, { stream: truncated });
  const unreadable = text.split('\ufffd').length - 1;
  return unreadable > text.length * MAX_UNREADABLE_SHARE ? '[binary body, not shown]' : text;
}
