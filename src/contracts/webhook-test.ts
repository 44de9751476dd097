import { z } from 'zod';
import { EventType } from './change.ts';
import { AttemptOutcome } from './delivery.ts';
import { AnyRecordId } from './id.ts';
import { WebhookMethod } from './webhook.ts';

/** Without a record, a sample is made from the table's fields; without an event type, the first one the webhook asks for is told. */
export const TestWebhookInput = z.strictObject({
  recordId: AnyRecordId.optional(),
  eventType: EventType.optional(),
});
export type TestWebhookInput = z.infer<typeof TestWebhookInput>;

/**
 * One call to an endpoint, to try a webhook out: the request as it was sent, but for the values of secret headers, which are
 * null, and what came of it, as of an attempt. `response` is null when none came.
 */
export const WebhookTest = z.strictObject({
  request: z.strictObject({
    method: WebhookMethod,
    url: z.string(),
    /** Lower-case names; those of HTTP itself (host, connection, content-length) left out. */
    headers: z.record(z.string(), z.string().nullable()),
    body: z.string(),
  }),
  response: z
    .strictObject({
      status: z.number().int(),
      headers: z.record(z.string(), z.string()),
      /** The first 16 KiB. */
      body: z.string().nullable(),
    })
    .nullable(),
  outcome: AttemptOutcome,
  errorCode: z.string().nullable(),
  errorMessage: z.string().nullable(),
  durationMs: z.number().int(),
});
export type WebhookTest = z.infer<typeof WebhookTest>;
