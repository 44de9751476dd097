import type { JsonObject } from '../../src/contracts/json.ts';
import type { Asks, Ground, GroundWebhook } from '../load/ground.ts';
import type { KnownChange } from './known-changes.ts';

/** What one webhook is owed of one change. */
export interface OwedDelivery {
  webhook: GroundWebhook;
  change: KnownChange;
}

/** Whether a webhook that tells each change by itself asks for a change. */
const ASKS_FOR: Record<Exclude<Asks, 'merged'>, (change: KnownChange) => boolean> = {
  everything: () => true,
  'in-order': () => true,
  'becomes-completed': ({ type, previous, record }) =>
    type !== 'record.deleted' && isCompleted(record) && !isCompleted(previous),
  'created-only': ({ type }) => type === 'record.created',
};

/** What is owed to the webhooks that tell each change by itself. */
export function listOwed({ webhooks }: Ground, known: readonly KnownChange[]): OwedDelivery[] {
  return webhooks.flatMap((webhook) => {
    const { asks, tableId } = webhook;
    if (asks === 'merged') return [];
    return known
      .filter((change) => change.tableId === tableId && ASKS_FOR[asks](change))
      .map((change) => ({ webhook, change }));
  });
}

function isCompleted(values: JsonObject | null): boolean {
  return values?.['Status'] === 'completed';
}
