import { toWakeId } from '../changes/startable.ts';
import { toReopenEdits } from '../deliveries/reopen.ts';
import { lowestIdAt } from '../id.ts';
import { toLineEdits } from './line-edits.ts';
import type { Selection, SelectionContext, SelectionInput } from './selection.ts';

const ALL = ['delivered', 'failed', 'cancelled'] as const;

/** Settled deliveries of a webhook: those that were settled when the replay was made, and still are. Oldest first. */
export function selectDeliveries(
  { models, clock }: SelectionContext,
  { replay, webhook }: SelectionInput,
): Selection {
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
        .find(behind(cursor), { _id: 1 })
        .sort({ _id: 1 })
        .limit(limit)
        .lean();
      const ids = docs.map(({ _id }) => _id);
      return {
        cursor: ids.at(-1) ?? cursor,
        isLast: ids.length < limit,
        waits: false,
        putInLine: async (session) => {
          const edits = {
            ...toReopenEdits(clock()),
            ...toLineEdits(clock()),
            replayId: replay._id,
            workflowId: toWakeId(replay.webhookId),
            ordered: webhook.delivery.order === 'record',
          };
          const still = { _id: { $in: ids }, ...isSettled };
          return (await models.deliveries.updateMany(still, { $set: edits }, { session })).modifiedCount;
        },
      };
    },
  };
}
