import { z } from 'zod';

/** Query of every list: `limit` 1–200 (50), `cursor` as handed out in `nextCursor`. */
export const PageQuery = z.strictObject({
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .max(200)
    .default(50)
    .describe('How many entries a page holds at most.'),
  cursor: z.string().min(1).max(300).optional().describe('The `nextCursor` of the page before.'),
});
export type PageQuery = z.infer<typeof PageQuery>;

/** Answer of every list; `nextCursor` is null on the last page. */
export interface Page<T> {
  data: T[];
  nextCursor: string | null;
}

/** The schema of a page of `item`s. */
export function pageOf<Item extends z.ZodType>(item: Item) {
  return z.strictObject({ data: z.array(item), nextCursor: z.string().nullable() });
}
