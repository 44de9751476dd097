import type { EventType } from '../../contracts/change.ts';
import { EventType as EventTypes } from '../../contracts/change.ts';
import type { WebhookDoc } from '../../models/webhook.ts';
import { lowestIdAt } from '../id.ts';
import { selectUnheard } from './backfill.ts';
import { findHeard } from './heard.ts';
import { findOutdated } from './outdated.ts';
import type { Selection, SelectionContext, SelectionInput } from './selection.ts';

/** Changes looked at together. */
const PAGE = 500;

export interface SelectChangesInput extends SelectionInput {
  since: Date;
  /** Whether silent writes are selected too. */
  silent: boolean;
}

/**
 * Changes of a webhook's table since a time that the webhook asks for and has no delivery of, oldest first: written while
 * it was disabled or not registered yet, or silently. One that keeps order is spared what is older than what it got. The
 * cursor is a change.
 */
export function selectChanges(context: SelectionContext, input: SelectChangesInput): Selection {
  const { models } = context;
  const { replay, webhook, since, silent } = input;
  const type = { $in: typesOf(webhook) };
  const { beforeRevision = null } = replay;
  return selectUnheard(context, {
    ...input,
    created: false,
    read: async (cursor) => {
      const behind = cursor === null ? { $gte: lowestIdAt('chg', since) } : { $gt: cursor };
      const docs = await models.changes
        .find(
          {
            tableId: replay.tableId,
            type,
            expungedAt: null,
            _id: { ...behind, $lte: replay.until },
            ...(!silent && { silent: { $ne: true } }),
            ...(beforeRevision !== null && { webhookRevision: { $lt: beforeRevision } }),
          },
          { state: 1, recordId: 1, recordVersion: 1 },
        )
        .sort({ _id: 1 })
        .limit(PAGE)
        .lean();
      const changeIds = docs.map(({ _id }) => _id);
      const heard = await findHeard(context, { webhookId: webhook._id, changeIds });
      const outdated = await findOutdated(context, { webhook, changes: docs });
      const unheard = docs.filter(({ _id }) => !heard.has(_id) && !outdated.has(_id));
      return {
        candidates: unheard.map(({ _id, state }) => ({
          changeId: _id,
          planned: state === 'planned',
          cursor: _id,
        })),
        cursor: changeIds.at(-1) ?? cursor,
        isLast: docs.length < PAGE,
      };
    },
  });
}

function typesOf({ events }: Pick<WebhookDoc, 'events'>): EventType[] {
  return EventTypes.options.filter((type) => events.includes('record.*') || events.includes(type));
}
