import type { JsonObject } from '../../contracts/json.ts';
import type { Field } from '../../contracts/table.ts';
import { shorten } from '../../domain/shorten.ts';
import type { Models } from '../../models/models.ts';
import type { OperationalEvent } from '../context.ts';
import { isDuplicateKey } from '../transaction.ts';

/** The table of operational events: one per deployment, under the same id everywhere. */
export const EVENTS_TABLE_ID = 'tbl_00000000000000000000events';
export const EVENTS_TABLE_NAME = 'tablehook.events';

const EVENT_TYPES: readonly OperationalEvent['type'][] = [
  'webhook.failing',
  'webhook.paused',
  'webhook.recovered',
  'webhook.needs-attention',
  'delivery.failed',
];

const Fields = {
  event: { id: fieldId(1), name: 'Event', type: 'select', options: [...EVENT_TYPES] },
  tableId: { id: fieldId(2), name: 'TableId', type: 'text' },
  webhookId: { id: fieldId(3), name: 'WebhookId', type: 'text' },
  webhookName: { id: fieldId(4), name: 'WebhookName', type: 'text' },
  deliveryId: { id: fieldId(5), name: 'DeliveryId', type: 'text' },
  reason: { id: fieldId(6), name: 'Reason', type: 'text' },
  at: { id: fieldId(7), name: 'At', type: 'datetime' },
} as const satisfies Record<string, Field>;

const MAX_REASON = 2_000;

/**
 * Creates the table of operational events where it is missing. Idempotent, also for several processes at once; one that
 * is there stays as it is, with its webhooks.
 */
export async function ensureSystemTable(models: Models, clock: () => Date): Promise<void> {
  const now = clock();
  const created = {
    name: EVENTS_TABLE_NAME,
    system: true,
    fields: Object.values(Fields),
    schemaVersion: 1,
    webhookCount: 0,
    orderedCount: 0,
    webhookRevision: 0,
    createdAt: now,
    updatedAt: now,
  };
  try {
    await models.tables.updateOne({ _id: EVENTS_TABLE_ID }, { $setOnInsert: created }, { upsert: true });
  } catch (error) {
    // Another process was faster by a moment.
    if (!isDuplicateKey(error)) throw error;
  }
}

/** The event as values of its record, by field id. */
export function toEventValues(event: OperationalEvent): JsonObject {
  return {
    [Fields.event.id]: event.type,
    [Fields.tableId.id]: event.tableId,
    [Fields.webhookId.id]: event.webhookId,
    [Fields.webhookName.id]: event.webhookName,
    ...(event.deliveryId !== null && { [Fields.deliveryId.id]: event.deliveryId }),
    [Fields.reason.id]: shorten(event.reason, MAX_REASON),
    [Fields.at.id]: event.at.toISOString(),
  };
}

/** Fixed, so that whoever keys values by field id finds the same ids in every deployment. */
function fieldId(place: number): string {
  return `fld_${String(place).padStart(26, '0')}`;
}
