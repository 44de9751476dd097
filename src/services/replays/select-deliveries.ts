import { toWakeId } from '../changes/startable.ts';
import type { DeliveryDoc } from '../../models/delivery.ts';
import type { WebhookDoc } from '../../models/webhook.ts';
import { renderAnew } from '../deliveries/render-anew.ts';
import { isUnsendable } from '../deliveries/unsendable.ts';
import { toReopenEdits } from '../deliveries/reopen.ts';
import { lowestIdAt } from '../id.ts';
import { toLineEdits } from './line-edits.ts';
import type { Selection, SelectionContext, SelectionInput } from './selection.ts';

const ALL = ['delivered', 'failed', 'cancelled'] as const;

/** Settled deliveries of a webhook: those that were settled when the replay was made, and still are. Oldest first. */
export function selectDeliveries(context: SelectionContext, { replay, webhook }: SelectionInput): Selection {
  const { models, clock } = context;
  const { states = [...ALL], since, until, recordId } = replay.filter ?? {};
  const isSettled = {
    open: false,
    state: { $in: states },
    settledAt: { $lte: replay.createdAt },
    expungedAt: null,
    // Of edits that undid each other there is nothing to send.
    'merged.undone': { $ne: true },
  };
  const behind = (cursor: string | null) => ({
    webhookId: replay.webhookId,
    ...(recordId !== undefined && { recordId }),
    ...isSettled,
    $and: [
      { _id: { $lte: replay.until } },
      cursor === null ? {} : { _id: { $gt: cursor } },
      since === undefined ? {} : { _id: { $gte: lowestIdAt('dlv', new Date(since)) } },
      until === undefined ? {} : { _id: { $lt: lowestIdAt('dlv', new Date(until)) } },
    ],
  });
  return {
    count: async () => models.deliveries.countDocuments(behind(null)),
    next: async (cursor, limit) => {
      const docs = await models.deliveries
        .find(behind(cursor), { failureReason: 1, changeId: 1, eventType: 1, merged: 1 })
        .sort({ _id: 1 })
        .limit(limit)
        .lean();
      const ids = docs.flatMap((doc) => (isUnsendable(doc) ? [] : [doc._id]));
      const rendered = await renderAll(context, webhook, docs.filter(isUnsendable));
      return {
        cursor: docs.at(-1)?._id ?? cursor,
        isLast: docs.length < limit,
        waits: false,
        unsendable: [],
        putInLine: async (session) => {
          const edits: Partial<DeliveryDoc> = {
            ...toReopenEdits(clock()),
            ...toLineEdits(clock()),
            replayId: replay._id,
            workflowId: toWakeId(replay.webhookId),
            ordered: webhook.delivery.order === 'record',
          };
          const groups = [{ _id: { $in: ids }, $set: edits }];
          for (const [id, body] of rendered) groups.push({ _id: { $in: [id] }, $set: { ...edits, body } });
          let count = 0;
          for (const { _id, $set } of groups) {
            const still = { _id, ...isSettled };
            count += (await models.deliveries.updateMany(still, { $set }, { session })).modifiedCount;
          }
          return count;
        },
      };
    },
  };
}

/** The bytes of those that never had any, by id; one that the webhook's template still fails on is left as it is. */
async function renderAll(
  context: SelectionContext,
  webhook: WebhookDoc,
  deliveries: readonly Pick<DeliveryDoc, '_id' | 'changeId' | 'eventType' | 'merged'>[],
): Promise<Map<string, string>> {
  const bodies = new Map<string, string>();
  for (const delivery of deliveries) {
    const rendered = await renderAnew(context, { delivery, webhook });
    if (rendered?.ok) bodies.set(delivery._id, rendered.body);
  }
  return bodies;
}
