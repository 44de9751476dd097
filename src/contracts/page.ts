import { z } from 'zod';

/** Of the page before, as handed out: an id in base64url. */
export const Cursor = z
  .string()
  .regex(/^[A-Za-z0-9_-]{40}$/, 'must be the nextCursor of an earlier page')
  .describe('The `nextCursor` of the page before.');

/** Query of every list: `limit` 1–200 (50), `cursor` as handed out in `nextCursor`. */
export const PageQuery = z.strictObject({
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .max(200)
    .default(50)
    .describe('How many entries a page holds at most.'),
  cursor: Cursor.optional(),
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
