import { z } from 'zod';
import { WorkflowLink } from './change.ts';
import { AnyRecordId, ReplayId, WebhookId } from './id.ts';
import { Instant } from './instant.ts';
import { PageQuery } from './page.ts';
import { DeliveryPolicy } from './policies.ts';

const Time = z.iso.datetime({ offset: true });

/** Which settled deliveries are sent again; without a field, all. `since` is inclusive, `until` exclusive, by creation. */
export const ReplayFilter = z.strictObject({
  states: z
    .array(z.enum(['delivered', 'failed', 'cancelled']))
    .min(1)
    .max(3)
    .optional(),
  since: Time.optional(),
  until: Time.optional(),
  recordId: AnyRecordId.optional(),
});
export type ReplayFilter = z.infer<typeof ReplayFilter>;

/** What the webhook never heard of: the records there are, or the changes since a time, those written silently too unless `silent` is false. */
export const Backfill = z.union([
  z.strictObject({ records: z.literal(true) }),
  z.strictObject({ changesSince: Time, silent: z.boolean().default(true) }),
]);
export type Backfill = z.infer<typeof Backfill>;

/** Either `filter` or `backfill`. `dryRun` counts and sends nothing. */
export const CreateReplayInput = z
  .strictObject({
    webhookId: WebhookId,
    filter: ReplayFilter.optional(),
    backfill: Backfill.optional(),
    ratePerSecond: DeliveryPolicy.shape.ratePerSecond,
    dryRun: z.boolean().default(false),
  })
  .refine(({ filter, backfill }) => (filter === undefined) !== (backfill === undefined), {
    message: 'needs either filter or backfill',
  });
export type CreateReplayInput = z.infer<typeof CreateReplayInput>;

export const ReplayState = z.enum(['running', 'completed', 'cancelled']);
export type ReplayState = z.infer<typeof ReplayState>;

/** A replay and its progress. `sent` counts what was put in the webhook's line, of the `selected` it began with. */
export const Replay = z
  .strictObject({
    id: ReplayId,
    webhookId: WebhookId,
    filter: ReplayFilter.nullable(),
    backfill: Backfill.nullable(),
    ratePerSecond: z.number().nullable(),
    state: ReplayState,
    selected: z.number().int().min(0),
    sent: z.number().int().min(0),
    createdAt: Instant,
    endedAt: Instant.nullable(),
    workflow: WorkflowLink,
  })
  .describe(
    'A replay and how far it has come: `sent` counts what was put in its line, of the `selected` it began with.',
  );
export type Replay = z.infer<typeof Replay>;

/** Answer of a dry run. */
export const ReplaySelection = z.strictObject({ selected: z.number().int().min(0) });
export type ReplaySelection = z.infer<typeof ReplaySelection>;

export const ListReplaysQuery = PageQuery.extend({ webhookId: WebhookId.optional() });
export type ListReplaysQuery = z.infer<typeof ListReplaysQuery>;
