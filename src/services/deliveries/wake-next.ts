import type { ServiceContext, Waker } from '../context.ts';
import { hasOwnWorkflow } from '../changes/startable.ts';
import type { Workflows } from '../workflows.ts';
import { lookAfter } from './look-after.ts';

type WakeContext = Pick<ServiceContext, 'models'> & { workflows: Workflows; waker: Pick<Waker, 'wake'> };

/**
 * Wakes the oldest deliveries that wait for a turn at their webhook's endpoint, at most `limit` and none of `except`, and
 * answers which. Those that were planned in a shared workflow, and would need one of their own, the webhook's line lets go:
 * a workflow for each would cost more than all the rest of them.
 */
export async function wakeNext(
  context: WakeContext,
  webhookId: string,
  { limit, except }: { limit: number; except: readonly string[] },
): Promise<string[]> {
  const next = await context.models.deliveries
    .find(
      { webhookId, state: 'waiting', waitReason: 'endpoint-busy', _id: { $nin: [...except] } },
      { changeId: 1, workflowId: 1, open: 1 },
    )
    .sort({ changeId: 1 })
    .limit(limit)
    .lean();
  const own = next.filter(({ workflowId }) => hasOwnWorkflow(workflowId));
  if (own.length < next.length) context.waker.wake(webhookId);
  await lookAfter(context, own);
  return own.map(({ _id }) => _id);
}
