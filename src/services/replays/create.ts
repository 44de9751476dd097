import type { CreateReplayInput, Replay, ReplaySelection } from '../../contracts/replay.ts';
import type { ReplayDoc } from '../../models/replay.ts';
import { toReplay } from '../../models/replay.ts';
import type { WebhookDoc } from '../../models/webhook.ts';
import type { RequestContext } from '../context.ts';
import { lowestIdAt } from '../id.ts';
import { answerOnce, storeResponses } from '../idempotency.ts';
import { runTransaction } from '../transaction.ts';
import { findWebhook } from '../webhooks/find.ts';
import { openSelection } from './open-selection.ts';
import { toReplayWorkflowId } from './workflow-id.ts';

/**
 * Makes a replay of a webhook's settled deliveries, or of what it never heard of, and counts what it selects. Its workflow
 * is started best effort: `ensureReplays` starts it otherwise. To a webhook that is disabled or paused it sends all the
 * same: the deliveries wait in its line.
 */
export async function createReplay(
  context: RequestContext,
  input: Omit<CreateReplayInput, 'dryRun'>,
): Promise<Replay> {
  const { models, waker, workflowLink } = context;
  return answerOnce(context, async () => {
    const { doc, webhook } = await draft(context, input);
    const selected = await openSelection(context, { replay: doc, webhook }).count();
    const replay = toReplay({ ...doc, selected }, workflowLink);
    await runTransaction(models, async (session) => {
      await models.replays.insertMany([{ ...doc, selected }], { session, lean: true });
      if (context.idempotency) await storeResponses(models, [{ context, response: replay }], session);
    });
    waker.startReplay(replay.id);
    return replay;
  });
}

/** Counts what a replay would select. Changes nothing. */
export async function countReplay(
  context: RequestContext,
  input: Omit<CreateReplayInput, 'dryRun'>,
): Promise<ReplaySelection> {
  const { doc, webhook } = await draft(context, input);
  return { selected: await openSelection(context, { replay: doc, webhook }).count() };
}

async function draft(
  context: RequestContext,
  { webhookId, filter, backfill, ratePerSecond }: Omit<CreateReplayInput, 'dryRun'>,
): Promise<{ doc: Omit<ReplayDoc, 'selected'>; webhook: WebhookDoc }> {
  const webhook = await findWebhook(context, webhookId);
  const until = await findNewest(context, webhook, filter ? 'delivery' : 'change');
  const doc = {
    ...newReplay(context, { webhook, until }),
    filter: filter ?? null,
    backfill: backfill ?? null,
    ratePerSecond: ratePerSecond ?? null,
  };
  return { doc, webhook };
}

/** A replay to a webhook that is about to begin, up to an id; what it selects is for the caller to add. */
export function newReplay(
  { newId, clock }: Pick<RequestContext, 'newId' | 'clock'>,
  { webhook, until }: { webhook: WebhookDoc; until: string },
): Omit<ReplayDoc, 'selected'> {
  const id = newId('rpl');
  return {
    _id: id,
    webhookId: webhook._id,
    tableId: webhook.tableId,
    filter: null,
    backfill: null,
    ratePerSecond: null,
    state: 'running',
    until,
    cursor: null,
    sent: 0,
    workflowId: toReplayWorkflowId(id),
    createdAt: clock(),
    endedAt: null,
  };
}

/** The id of the newest delivery of the webhook, or of the newest change of its table; below all ids when there is none. */
async function findNewest(
  { models }: RequestContext,
  { _id: webhookId, tableId }: WebhookDoc,
  what: 'delivery' | 'change',
): Promise<string> {
  const newest =
    what === 'delivery'
      ? await models.deliveries.findOne({ webhookId }, { _id: 1 }).sort({ _id: -1 }).lean()
      : await models.changes.findOne({ tableId }, { _id: 1 }).sort({ _id: -1 }).lean();
  return newest?._id ?? lowestIdAt(what === 'delivery' ? 'dlv' : 'chg', new Date(0));
}
