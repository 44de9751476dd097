import { z } from 'zod';
import { ChangeSource, EventType, FieldChange } from './change.ts';
import { AnyRecordId, ChangeId, TableId, WebhookId } from './id.ts';
import { Instant } from './instant.ts';
import { JsonObject } from './json.ts';

/** What an endpoint receives in the `standard` format. */
export const EventBody = z
  .strictObject({
    version: z.literal(1),
    id: ChangeId,
    type: EventType,
    timestamp: Instant,
    operatorId: z.string(),
    source: ChangeSource,
    table: z.strictObject({ id: TableId, name: z.string(), schemaVersion: z.number().int().min(1) }),
    webhook: z.strictObject({ id: WebhookId, name: z.string() }),
    items: z.array(
      z.strictObject({
        recordId: AnyRecordId,
        recordVersion: z.number().int().min(1),
        previous: JsonObject.nullable(),
        record: JsonObject.nullable(),
        changes: z.array(FieldChange),
      }),
    ),
  })
  .describe('What an endpoint receives: byte-identical on every attempt, values keyed by field name.');
export type EventBody = z.infer<typeof EventBody>;
