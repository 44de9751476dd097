import { PayloadOptions } from '../contracts/payload.ts';
import { AutoPausePolicy, DeliveryPolicy } from '../contracts/policies.ts';
import type { Models } from './models.ts';
import { UNTRIED } from './webhook.ts';

/**
 * Webhooks and open deliveries that an earlier version stored have fewer fields: fills them with what was true then.
 * Idempotent, and cheap however much is stored.
 */
export async function upgradeDocuments(models: Models): Promise<void> {
  await models.tables.collection.updateMany(
    { orderedCount: { $exists: false } },
    { $set: { orderedCount: 0 } },
  );
  await models.webhooks.collection.updateMany(
    { health: { $exists: false } },
    {
      $set: {
        delivery: DeliveryPolicy.parse({}),
        autoPause: AutoPausePolicy.parse({}),
        paused: null,
        health: UNTRIED,
        resuming: null,
        nextSlotAt: null,
        seats: [],
        seatsWanted: false,
      },
    },
  );
  await models.webhooks.collection.updateMany(
    { payload: { $exists: false } },
    {
      $set: {
        watchFields: [],
        condition: null,
        ignoreSources: [],
        payload: PayloadOptions.parse({}),
        attention: null,
        previousSecrets: [],
      },
    },
  );
  // Only what is still open, by its index: the others are many, and are only read.
  const open = { open: true, verifyAt: { $type: 'date' as const } };
  await models.deliveries.collection.updateMany({ ...open, owedSince: { $exists: false } }, [
    {
      $set: {
        owedSince: '$changeAt',
        cancelReason: null,
        ordered: false,
        replay: false,
        replayId: null,
        merged: null,
        mergedChangeIds: [],
      },
    },
    { $unset: 'changeAt' },
  ]);
}
