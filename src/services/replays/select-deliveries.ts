import { toWakeId } from '../changes/startable.ts';
import type { DeliveryDoc } from '../../models/delivery.ts';
import type { WebhookDoc } from '../../models/webhook.ts';
import { renderAnew } from '../deliveries/render-anew.ts';
import { isUnsendable } from '../deliveries/unsendable.ts';
import { toReopenEdits } from '../deliveries/reopen.ts';
import { lowestIdAt } from '../id.ts';
import { toLineEdits } from './line-edits.ts';
import type { Selection, SelectionContext, SelectionInput } from './selection.ts';
import { MAX_STEP_BYTES } from './selection.ts';

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
      const { rendered, upTo } = await renderAll(context, webhook, docs.filter(isUnsendable));
      const taken = upTo === null ? docs : docs.filter(({ _id }) => _id <= upTo);
      const ids = taken.flatMap((doc) => (isUnsendable(doc) ? [] : [doc._id]));
      return {
        cursor: taken.at(-1)?._id ?? cursor,
        isLast: upTo === null && docs.length < limit,
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

interface Rendered {
  /** By delivery. */
  rendered: Map<string, string>;
  /** The last delivery of those rendered, where all together would be too large; null when none is left. */
  upTo: string | null;
}

/** The bytes of those that never had any; one that the webhook's template still fails on is left as it is. */
async function renderAll(
  context: SelectionContext,
  webhook: WebhookDoc,
  deliveries: readonly Pick<DeliveryDoc, '_id' | 'changeId' | 'eventType' | 'merged'>[],
): Promise<Rendered> {
  const rendered = new Map<string, string>();
  let bytes = 0;
  for (const delivery of deliveries) {
    const payload = await renderAnew(context, { delivery, webhook });
    if (!payload?.ok) continue;
    rendered.set(delivery._id, payload.body);
    bytes += Buffer.byteLength(payload.body);
    if (bytes > MAX_STEP_BYTES) return { rendered, upTo: delivery._id };
  }
  return { rendered, upTo: null };
}
