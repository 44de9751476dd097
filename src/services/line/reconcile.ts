import { nextMove } from '../../domain/next-move.ts';
import { toWakeId } from '../changes/startable.ts';
import type { ServiceContext } from '../context.ts';
import type { Workflows } from '../workflows.ts';
import { findWaiting, nextDueAt } from './find-waiting.ts';

export type ReconcileLinesContext = Pick<ServiceContext, 'models' | 'clock'> & {
  workflows: Workflows;
  /** Deliveries wait for a turn at this webhook's endpoint: whoever was to call them up may be gone. */
  onBusy: (webhookId: string) => void;
};

/**
 * Makes sure that somebody looks after every line that is not at rest: the workflow of the webhook may never have been
 * started, or be gone. Goes on behind the webhook `after`, over at most `limit` of them; one query each finds the next,
 * however many deliveries wait. Answers how many lines were woken, and where to go on; null at the end.
 */
export async function reconcileLines(
  context: ReconcileLinesContext,
  { after, limit }: { after: string | null; limit: number },
): Promise<{ woken: number; next: string | null }> {
  let woken = 0;
  let last = after ?? '';
  for (let count = 0; count < limit; count += 1) {
    const next = await context.models.deliveries
      .findOne({ state: 'waiting', webhookId: { $gt: last } }, { webhookId: 1 })
      .sort({ webhookId: 1 })
      .lean();
    if (!next) return { woken, next: null };
    last = next.webhookId;
    if (await reconcileLine(context, last)) woken += 1;
  }
  return { woken, next: last };
}

async function reconcileLine(context: ReconcileLinesContext, webhookId: string): Promise<boolean> {
  const { models, workflows, onBusy } = context;
  if (await models.deliveries.exists({ webhookId, state: 'waiting', waitReason: 'endpoint-busy' })) {
    onBusy(webhookId);
  }
  if (!(await hasWork(context, webhookId)) || (await workflows.isRunning(toWakeId(webhookId)))) return false;
  await workflows.wakeWebhook(webhookId);
  return true;
}

async function hasWork(context: ReconcileLinesContext, webhookId: string): Promise<boolean> {
  const webhook = await context.models.webhooks.findOne({ _id: webhookId }).lean();
  if (!webhook) return true;
  const { kind } = nextMove(webhook, context.clock());
  if (kind !== 'drain') return kind === 'probe';
  const [waiting] = await findWaiting(context, webhook, 1);
  return waiting !== undefined || (await nextDueAt(context, webhook)) !== null;
}
