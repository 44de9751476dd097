/** A mongoose query, as far as it is needed here. */
export interface Finds<Doc> {
  cursor(): { next(): Promise<Doc | null>; close(): Promise<void> };
}

/**
 * The documents of a query, one by one. Leaving the loop closes the cursor. Mongoose's own iterator has no `return` and
 * leaves it open, with all that was read: in MongoDB for ten minutes, in the driver for as long as the process lives.
 */
export async function* each<Doc>(query: Finds<Doc>): AsyncGenerator<Doc, void, undefined> {
  const cursor = query.cursor();
  try {
    for (;;) {
      const doc = await cursor.next();
      if (doc === null) return;
      yield doc;
    }
  } finally {
    await cursor.close();
  }
}
