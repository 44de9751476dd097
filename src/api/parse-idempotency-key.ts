import { InvalidRequestError } from '../errors.ts';

/** The `Idempotency-Key` of a request, or null without one. */
export function parseIdempotencyKey(header: string | undefined): string | null {
  if (header === undefined) return null;
  if (/^[\x21-\x7e]{1,255}$/.test(header)) return header;
  throw new InvalidRequestError('The header Idempotency-Key is malformed.', [
    { path: 'header.idempotency-key', message: 'must be 1 to 255 visible ASCII characters' },
  ]);
}
