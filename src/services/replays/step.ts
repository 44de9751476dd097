import type { ReplayStepResult } from '../../contracts/workflow.ts';
import { batchSize, pauseMs } from '../../domain/replay-pace.ts';
import type { EventTeller } from '../context.ts';
import { toSettled } from '../deliveries/settled.ts';
import { deliveryFailed } from '../events/events.ts';
import type { ReplayDoc } from '../../models/replay.ts';
import { isDuplicateKey, runTransaction } from '../transaction.ts';
import type { Workflows } from '../workflows.ts';
import { MovedMeanwhile } from './moved-meanwhile.ts';
import { openSelection } from './open-selection.ts';
import type { ReplayBatch, SelectionContext, SelectionInput } from './selection.ts';

export type StepContext = SelectionContext & {
  workflows: Pick<Workflows, 'wakeWebhook'>;
  events: EventTeller;
};

/** How soon to look again for what was not planned yet. */
const LOOK_AGAIN_MS = 1_000;

/**
 * One step of a replay: puts the next batch in its webhook's line, and moves the replay's cursor, in one transaction that
 * holds only while the cursor is where it was. So each delivery is put in line and counted once, however often a step is
 * repeated and wherever a process dies. The line is woken last, by a repeat that finds nothing left to do as well.
 */
export async function stepReplay(
  context: StepContext,
  { replayId }: { replayId: string },
): Promise<ReplayStepResult> {
  const replay = await context.models.replays.findOne({ _id: replayId }).lean();
  if (!replay) return { summary: 'there is no such replay', next: { kind: 'done' } };
  const result = replay.state === 'running' ? await advance(context, replay) : done(replay);
  await context.workflows.wakeWebhook(replay.webhookId);
  return result;
}

async function advance(context: StepContext, replay: ReplayDoc): Promise<ReplayStepResult> {
  const { models, clock } = context;
  const webhook = await models.webhooks.findOne({ _id: replay.webhookId }).lean();
  if (!webhook) {
    const ended = { state: 'cancelled' as const, endedAt: clock() };
    await models.replays.updateOne({ _id: replay._id, state: 'running' }, { $set: ended });
    return done({ ...replay, ...ended });
  }
  const batch = await readBatch(context, { replay, webhook });
  const moved = batch.waits ? null : await move(context, { replay, batch });
  if (!moved) return again(replay, LOOK_AGAIN_MS);
  await context.events.tell(
    batch.unsendable.map((delivery) => deliveryFailed(delivery, toSettled(delivery), clock())),
  );
  if (moved.state !== 'running') return done(moved);
  return again(moved, pauseMs(moved.sent - replay.sent, replay.ratePerSecond));
}

/** What comes next; to be asked for again when that was expunged, or expired, while it was read. */
async function readBatch(context: StepContext, input: SelectionInput): Promise<ReplayBatch> {
  const { cursor, ratePerSecond } = input.replay;
  try {
    return await openSelection(context, input).next(cursor, batchSize(ratePerSecond));
  } catch (error) {
    if (!(error instanceof MovedMeanwhile)) throw error;
    return { cursor, isLast: false, waits: true, putInLine: async () => 0, unsendable: [] };
  }
}

/** The replay as it is after the batch; null when somebody else moved or ended it, told the webhook, or expunged what it was to be told, meanwhile. */
async function move(
  { models, clock }: StepContext,
  { replay, batch }: { replay: ReplayDoc; batch: ReplayBatch },
): Promise<ReplayDoc | null> {
  const { _id, cursor } = replay;
  try {
    return await runTransaction(models, async (session) => {
      const sent = await batch.putInLine(session);
      const ended = batch.isLast ? { state: 'completed' as const, endedAt: clock() } : {};
      const moved = await models.replays
        .findOneAndUpdate(
          { _id, state: 'running', cursor },
          { $set: { cursor: batch.cursor, ...ended }, $inc: { sent } },
          { session, returnDocument: 'after' },
        )
        .lean();
      if (!moved) throw new MovedMeanwhile('moved meanwhile');
      return moved;
    });
  } catch (error) {
    if (error instanceof MovedMeanwhile || isDuplicateKey(error)) return null;
    throw error;
  }
}

function again(replay: ReplayDoc, afterMs: number): ReplayStepResult {
  return { summary: describe(replay), webhook: toWebhook(replay), next: { kind: 'again', afterMs } };
}

function done(replay: ReplayDoc): ReplayStepResult {
  const summary = `${replay.state}: ${describe(replay)}`;
  return { summary, webhook: toWebhook(replay), next: { kind: 'done' } };
}

function toWebhook({ webhookId, tableId }: ReplayDoc) {
  return { id: webhookId, tableId };
}

function describe({ sent, selected }: ReplayDoc): string {
  return `${sent.toLocaleString('en')} of ${selected.toLocaleString('en')} put in line`;
}
