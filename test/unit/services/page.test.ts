import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { newId } from '../../../src/services/id.ts';
import { decodeCursor, encodeCursor, toPage } from '../../../src/services/page.ts';

const ids = fc.integer({ min: 0, max: 30 }).map((count) => Array.from({ length: count }, () => newId('rec')));

/** Walks a list as a client does, page by page. */
function walk(all: readonly string[], limit: number): string[][] {
  const pages: string[][] = [];
  let cursor: string | null = null;
  do {
    const after: string = cursor === null ? '' : decodeCursor(cursor);
    const docs = all.filter((id) => id > after).slice(0, limit + 1);
    const page: { data: string[]; nextCursor: string | null } = toPage(
      docs.map((_id) => ({ _id })),
      { limit },
      ({ _id }) => _id,
    );
    pages.push(page.data);
    cursor = page.nextCursor;
  } while (cursor !== null && pages.length < 100);
  return pages;
}

describe('cursors', () => {
  it('stand for the id they were made of', () => {
    const id = newId('dlv');
    expect(decodeCursor(encodeCursor(id))).toBe(id);
    expect(encodeCursor(id)).not.toContain(id);
  });

  it.each([
    '',
    'x',
    newId('rec'),
    Buffer.from('rec_short').toString('base64url'),
    Buffer.from(`${newId('rec')}\n`).toString('base64url'),
    Buffer.from('{"$gt":""}').toString('base64url'),
    `${encodeCursor(newId('rec'))}=`,
    `${encodeCursor(newId('rec'))} `,
  ])('refuses %j, naming the parameter', (cursor) => {
    expect(() => decodeCursor(cursor)).toThrow(
      expect.objectContaining({
        code: 'invalid_request',
        errors: [expect.objectContaining({ path: 'query.cursor' })],
      }),
    );
    expect(() => decodeCursor(cursor, 'after')).toThrow(
      expect.objectContaining({ errors: [expect.objectContaining({ path: 'query.after' })] }),
    );
  });
});

describe('toPage', () => {
  it('lets a walk see each entry once, in order, on full pages, the last of which has no cursor', () => {
    fc.assert(
      fc.property(ids, fc.integer({ min: 1, max: 12 }), (unsorted, limit) => {
        const all = unsorted.toSorted();
        const pages = walk(all, limit);
        expect(pages.flat()).toEqual(all);
        expect(pages).toHaveLength(Math.max(1, Math.ceil(all.length / limit)));
        expect(pages.slice(0, -1).every((page) => page.length === limit)).toBe(true);
      }),
    );
  });
});
