import { z } from 'zod';

/** `force`: also what is open, which is cancelled first. */
export const ExpungeInput = z.strictObject({ force: z.boolean().default(false) }).prefault({});
export type ExpungeInput = z.infer<typeof ExpungeInput>;

/**
 * How many deliveries and changes had what they held expunged by this call, and how many that were open were cancelled:
 * deliveries, and changes that nobody had been told of yet. A repeat answers what was left to do.
 */
export interface ExpungeResult {
  deliveries: number;
  changes: number;
  cancelled: number;
}
