import type { WakeStepResult, WakeInput } from '../../contracts/workflow.ts';
import type { ServiceContext } from '../context.ts';
import type { Workflows } from '../workflows.ts';

const BATCH = 100;

/**
 * Wakes the next deliveries of a webhook, oldest first: those still held, and, of a webhook that was deleted, those just
 * cancelled, so that their workflows end. Idempotent: a wake-up too many asks admission once more.
 */
export async function wakeBatch(
  { models, workflows }: Pick<ServiceContext, 'models'> & { workflows: Workflows },
  { webhookId, after }: WakeInput,
): Promise<WakeStepResult> {
  const exists = await models.webhooks.exists({ _id: webhookId });
  const which = exists
    ? { state: 'waiting' as const, waitReason: 'disabled' as const }
    : { state: 'cancelled' as const };
  const docs = await models.deliveries
    .find({ webhookId, ...which, ...(after !== undefined && { _id: { $gt: after } }) }, { workflowId: 1 })
    .sort({ _id: 1 })
    .limit(BATCH)
    .lean();
  for (const { _id, workflowId } of docs) await workflows.wakeDelivery(workflowId, _id);
  return { woken: docs.length, next: docs.length < BATCH ? null : (docs.at(-1)?._id ?? null) };
}
