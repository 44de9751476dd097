import { mongo } from 'mongoose';
import type { Page, PageQuery } from '../contracts/page.ts';
import { InvalidRequestError } from '../errors.ts';
import { each, type Finds } from '../models/each.ts';

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

/** What the documents of one page hold, about: a page of large ones ends before its limit. */
const PAGE_BYTES = 8 * 1024 * 1024;

/** The first `limit` documents, fewer when they are large; `more` says that there are others. */
export async function readPage<Doc extends object>(
  found: Finds<Doc>,
  { limit }: Pick<PageQuery, 'limit'>,
): Promise<{ docs: Doc[]; more: boolean }> {
  const docs: Doc[] = [];
  let bytes = 0;
  for await (const doc of each(found)) {
    if (docs.length === limit || bytes > PAGE_BYTES) return { docs, more: true };
    docs.push(doc);
    bytes += mongo.BSON.calculateObjectSize(doc);
  }
  return { docs, more: false };
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
