import { InvalidRequestError } from '../errors.ts';

/** The version an `If-Match: "<version>"` asks for; undefined without one or with `*` (RFC 9110, 13.1.1). */
export function parseIfMatch(header: string | undefined): number | undefined {
  if (header === undefined || header === '*') return undefined;
  const version = /^"(\d{1,15})"$/.exec(header)?.[1];
  if (version !== undefined) return Number(version);
  throw new InvalidRequestError('The header If-Match is malformed.', [
    { path: 'header.if-match', message: 'must be one version in quotes, such as "3", or *' },
  ]);
}
