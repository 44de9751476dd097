import type { Page, PageQuery } from '../contracts/page.ts';
import { InvalidRequestError } from '../errors.ts';

/** A cursor is the id of the last entry shown, encoded so that nobody builds one by hand. */
export function encodeCursor(lastId: string): string {
  return Buffer.from(lastId, 'utf8').toString('base64url');
}

/** The id a cursor stands for. Throws InvalidRequestError when it is not one that was handed out. */
export function decodeCursor(cursor: string, parameter = 'cursor'): string {
  const id = Buffer.from(cursor, 'base64url').toString('utf8');
  if (!/^[a-z]{3}_[0-9a-z]{26}$/.test(id) || encodeCursor(id) !== cursor) {
    throw new InvalidRequestError('The cursor is not one that was handed out.', [
      { path: `query.${parameter}`, message: 'must be the nextCursor of an earlier page' },
    ]);
  }
  return id;
}

/** Cuts a result of `limit + 1` documents into a page. */
export function toPage<Doc extends { _id: string }, T>(
  docs: Doc[],
  { limit }: Pick<PageQuery, 'limit'>,
  convert: (doc: Doc) => T,
): Page<T> {
  const shown = docs.slice(0, limit);
  const last = shown.at(-1);
  return {
    data: shown.map((doc) => convert(doc)),
    nextCursor: docs.length > limit && last ? encodeCursor(last._id) : null,
  };
}
