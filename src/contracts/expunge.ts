import { z } from 'zod';

/** `force`: also what is open, which is cancelled first. */
export const ExpungeInput = z.strictObject({ force: z.boolean().default(false) }).prefault({});
export type ExpungeInput = z.infer<typeof ExpungeInput>;

/**
 * How many deliveries and changes had what they held expunged by this call, and how many that were open were cancelled:
 * deliveries, and changes that nobody had been told of yet. A repeat answers what was left to do.
 */
export const ExpungeResult = z.strictObject({
  deliveries: z.number().int().min(0),
  changes: z.number().int().min(0),
  cancelled: z.number().int().min(0),
});
export type ExpungeResult = z.infer<typeof ExpungeResult>;
