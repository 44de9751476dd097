import { z } from 'zod';
import { ChangeId } from './id.ts';
import { Instant } from './instant.ts';

/**
 * Where what is not settled stands. `not-planned`: a change that no worker has planned yet. Of open deliveries, `under-way`:
 * in somebody's hands right now; `retrying`: due at a time to come; `waiting`: held back, with a reason; `overdue`: none of
 * these, for longer than it should take.
 */
export const Standing = z
  .enum(['not-planned', 'overdue', 'under-way', 'retrying', 'waiting'])
  .describe(
    'Where what is not settled stands. `not-planned`: a change that no worker has planned yet. Of open deliveries, `under-way`: in somebody’s hands right now; `retrying`: due at a time to come; `waiting`: held back, with a reason; `overdue`: none of these, for longer than it should take.',
  );
export type Standing = z.infer<typeof Standing>;

/** How much stands there, and since when the oldest is owed. */
export const Unsettled = z
  .strictObject({
    standing: Standing,
    count: z.number().int().min(0),
    /** Age of the oldest, in seconds; null when there is none. */
    oldestSeconds: z.number().min(0).nullable(),
    oldestChangeId: ChangeId.nullable(),
  })
  .describe('How many changes or deliveries stand there, and the oldest of them.');
export type Unsettled = z.infer<typeof Unsettled>;

/** `problem`: something is stuck, or will be. `notice`: all is as somebody or something asked for, and deliveries wait. */
export const FindingSeverity = z.enum(['problem', 'notice']);
export type FindingSeverity = z.infer<typeof FindingSeverity>;

/** Something that a person should know, and what they can do about it. */
export const Finding = z
  .strictObject({
    code: z.enum([
      'temporal-unreachable',
      'no-worker',
      'changes-not-planned',
      'deliveries-overdue',
      'line-stopped',
      'events-untold',
      'webhook-gone',
      'webhook-needs-attention',
      'webhook-failing',
      'webhook-paused',
      'webhook-disabled',
    ]),
    severity: FindingSeverity,
    summary: z.string(),
    advice: z.string(),
    /** Ids to look at, five at most. */
    examples: z.array(z.string()),
  })
  .describe('Something that a person should know, and what they can do about it.');
export type Finding = z.infer<typeof Finding>;

/** What is not settled, and why. */
export const Diagnosis = z
  .strictObject({
    checkedAt: Instant,
    /** There is no finding of severity `problem`. */
    healthy: z.boolean(),
    unsettled: z.array(Unsettled),
    findings: z.array(Finding),
  })
  .describe('What is not settled, where it stands, and what a person should know of it.');
export type Diagnosis = z.infer<typeof Diagnosis>;
