import { z } from 'zod';
import { EventType } from './change.ts';
import { AnyRecordId, ChangeId } from './id.ts';
import { Instant } from './instant.ts';
import { UpdateWebhookInput } from './webhook.ts';

/** How many of the table's most recent changes are looked at; what is asked for may be given instead of what is stored. */
export const PreviewWebhookInput = z
  .strictObject({
    limit: z.number().int().min(1).max(200).default(20),
    events: UpdateWebhookInput.shape.events,
    watchFields: UpdateWebhookInput.shape.watchFields,
    condition: UpdateWebhookInput.shape.condition,
    ignoreSources: UpdateWebhookInput.shape.ignoreSources,
  })
  .prefault({});
export type PreviewWebhookInput = z.infer<typeof PreviewWebhookInput>;

/** Whether a change would have fired the webhook, and if not, why not: every reason, in words. */
export const PreviewedChange = z.strictObject({
  changeId: ChangeId,
  eventType: EventType,
  recordId: AnyRecordId,
  recordVersion: z.number().int().min(1),
  timestamp: Instant,
  wouldFire: z.boolean(),
  reasons: z.array(z.string()),
});
export type PreviewedChange = z.infer<typeof PreviewedChange>;

/** Newest change first. */
export const WebhookPreview = z.strictObject({ data: z.array(PreviewedChange) });
export type WebhookPreview = z.infer<typeof WebhookPreview>;
