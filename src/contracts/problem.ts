import { z } from 'zod';

/** RFC 9457 problem document, with Tablehook's `code`, `errors[]` and `requestId`. */
export const Problem = z
  .strictObject({
    type: z.string(),
    title: z.string(),
    status: z.number().int(),
    detail: z.string(),
    code: z.string(),
    errors: z.array(z.strictObject({ path: z.string(), message: z.string() })),
    requestId: z.string(),
  })
  .describe(
    'An error (RFC 9457). `code` is for programs, `detail` for people; `errors[]` names the path of each fault.',
  );
export type Problem = z.infer<typeof Problem>;
